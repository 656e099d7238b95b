import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Express, type RequestHandler } from "express";
import { z } from "zod";
import { manifestFor } from "../../addin/manifest/manifest.ts";
import { people, tenantId } from "../world.ts";
import { outlookBuild } from "./build.ts";
import { readManifest } from "./host/manifest.ts";

/** What the pretend Outlook needs of the sandbox around it. */
export type OutlookSandbox = {
  /** The https origin that serves the add-in, as a browser sees it. */
  addinUrl: string;
  /** A token for Graph, as if the person had signed in to Outlook. */
  graphToken(person: string): Promise<{ token: string; expiresIn: number }>;
};

const served = fileURLToPath(new URL("served", import.meta.url));
const officeJs = dirname(createRequire(import.meta.url).resolve("@microsoft/office-js/dist/office.js"));

/** Outlook on the web, and Office.js for the add-ins in it. */
export function mountOutlook(app: Express, sandbox: OutlookSandbox): void {
  const page = express.static(outlookBuild, { index: false, immutable: true, maxAge: "1y" });

  app.get("/", guarded(sandbox.addinUrl), (_request, response) =>
    response.sendFile("index.html", { root: outlookBuild, headers: { "cache-control": "no-store" } }),
  );
  app.get("/outlook/start", async (_request, response) => {
    response
      .set("cache-control", "no-store")
      .json({ tenantId, people, addIn: readManifest(await manifestFor(sandbox.addinUrl)) });
  });
  app.post("/outlook/token", fromOwnPage, express.json(), async (request, response) => {
    const wanted = TokenRequest.safeParse(request.body);
    if (!wanted.success || !mayOpen(wanted.data)) {
      response
        .status(403)
        .json(problem(403, "Nobody of that address may open that mailbox. Choose another in the switcher."));
      return;
    }
    response.set("cache-control", "no-store").json(await sandbox.graphToken(wanted.data.person));
  });
  app.use("/outlook", page);

  // For the add-in's pages, which live on another origin.
  app.use("/office-js", forEveryOrigin, express.static(served), express.static(officeJs, { maxAge: "1d" }));
}

const TokenRequest = z.object({ person: z.string(), mailbox: z.string() });

/** There is no password in the sandbox, but a shared mailbox still has its members. */
function mayOpen({ person, mailbox }: z.infer<typeof TokenRequest>): boolean {
  const found = people.find(({ address }) => address === mailbox);
  return found?.kind === "shared" ? (found.members?.includes(person) ?? false) : found?.address === person;
}

/** Tokens are for this page only: no other site's script, and no form, may ask for one. */
const fromOwnPage: RequestHandler = (request, response, next) => {
  const site = request.get("sec-fetch-site");
  const origin = request.get("origin");
  const own = site ? site === "same-origin" : origin === undefined || new URL(origin).host === request.get("host");
  if (own) return next();
  response.status(403).json(problem(403, "Only Outlook's own page gets tokens here."));
};

const guarded =
  (addin: string): RequestHandler =>
  (_request, response, next) => {
    response.set({
      "content-security-policy": [
        "default-src 'none'",
        "script-src 'self'",
        // Fluent writes its styles at run time.
        "style-src 'self' 'unsafe-inline'",
        `img-src 'self' data: blob: ${addin}`,
        "font-src 'self' data: https://res.cdn.office.net",
        "connect-src 'self'",
        `frame-src 'self' ${addin}`,
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join("; "),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    next();
  };

const forEveryOrigin: RequestHandler = (_request, response, next) => {
  response.set({ "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" });
  next();
};

const problem = (status: number, detail: string) => ({ type: "about:blank", title: "Forbidden", status, detail });
