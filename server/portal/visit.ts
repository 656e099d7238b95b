/** A request on its way through: who asks, in which language, and how it is answered. */

import type { Request, RequestHandler, Response } from "express";
import type { ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { z } from "zod";
import type { Surroundings } from "../../portal/Page.tsx";
import { firstSpoken, type Language } from "../../portal/text/index.ts";
import { invalidInput } from "../platform/endpoint.ts";
import { notFound, problem } from "../platform/problems.ts";
import { customerOfSession, holderOfLink, type LinkHolder, type Viewer } from "./access.ts";
import type { Portal } from "./app.ts";
import { keepAwake } from "./sign-in/session.ts";

export type Visit<Who = Viewer | null> = { portal: Portal; req: Request; res: Response; who: Who; language: Language };
type Act<Who> = (visit: Visit<Who>) => Promise<void>;

/** Who may: everybody. */
export const anybody =
  (portal: Portal) =>
  (act: Act<null>): RequestHandler =>
  (req, res) =>
    act({ portal, req, res, who: null, language: languageOf(portal, req, null) });

/** Who may: a customer who is signed in and was not disabled. Everybody else is asked to sign in. */
export const customer =
  (portal: Portal) =>
  (act: Act<Viewer>): RequestHandler =>
  async (req, res) => {
    const who = await whoIs(portal, req);
    if (who) return act({ portal, req, res, who, language: languageOf(portal, req, who) });
    if (wantsJson(req)) throw problem(401, "not_signed_in", "Sign in first: ask for a code at /sign-in.");
    const next = pageBehind(req);
    res.redirect(303, next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`);
  };

/** The page to come back to: this one, or the one whose form was sent here; its script has kept what was written. */
function pageBehind({ method, path }: Request) {
  if (method === "GET") return path;
  return path === "/tickets" ? "/tickets/new" : (/^\/tickets\/\d+/.exec(path)?.[0] ?? "/");
}

/** Who may: whoever came through this secure link, as long as it is valid. */
export const link =
  (portal: Portal) =>
  (act: Act<LinkHolder>): RequestHandler =>
  async (req, res) => {
    res.set("referrer-policy", "no-referrer");
    const { linkId } = z.object({ linkId: z.string() }).parse(req.params);
    const cookie = portal.jar.readLink(req);
    const opened = cookie ? await portal.seal.open("link", cookie, z.object({ linkId: z.uuid() })) : null;
    const who = opened?.linkId === linkId ? await holderOfLink(portal.database, linkId) : null;
    if (!who) throw linkOpensNothing();
    return act({ portal, req, res, who, language: languageOf(portal, req, who) });
  };

/** The same for a link that never was, has expired, was revoked, or belongs to another browser. */
export const linkOpensNothing = () => problem(404, "link_opens_nothing", "This link does not open anything.");

/** The customer who is signed in, or null. */
export async function whoIs(portal: Portal, req: Request) {
  const cookie = portal.jar.read(req, "session");
  const token = cookie ? portal.seal.signed(cookie) : null;
  if (!token) return null;
  const found = await customerOfSession(portal.database, token);
  if (!found) return null;
  const { ages, ...who } = found;
  // A page that only looks whether something is new must not keep a session alive that nobody uses.
  if (ages && req.headers["x-live"] === undefined) await keepAwake(portal, token);
  return who;
}

export function languageOf(portal: Portal, req: Request, who: Viewer | null): Language {
  return firstSpoken([portal.jar.read(req, "language"), who?.language, ...req.acceptsLanguages()]);
}

export const wantsJson = (req: Request) => req.accepts(["html", "json"]) === "json";

/** Reads a form or a query; an unknown field is refused. */
export function read<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given ?? {});
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}

/** Answers with a view: parsed first, so that nothing unexpected leaves; as JSON or as its page. */
export function show<Schema extends z.ZodType>(
  visit: Visit,
  schema: Schema,
  draft: z.input<Schema>,
  page: (view: z.output<Schema>, around: Surroundings) => ReactElement,
) {
  const view = schema.parse(draft);
  if (wantsJson(visit.req)) visit.res.json(view);
  else showPage(visit, page(view, surroundings(visit)));
}

export function showPage({ res }: Pick<Visit, "res">, page: ReactElement, status = 200) {
  res
    .status(status)
    .type("html")
    .send(`<!doctype html>${renderToStaticMarkup(page)}`);
}

export function surroundings({ portal, req, who, language }: Visit): Surroundings {
  const { styles, script } = portal.assets.paths;
  const customerName = who && who.onlyTicketId === null ? who.name : null;
  return { language, path: req.method === "GET" ? req.originalUrl : "/", assets: { styles, script }, customerName };
}

export const nothingHere: RequestHandler = () => {
  throw notFound("This page");
};
