import type { Request, RequestHandler, Response } from "express";
import { forbidden } from "../../platform/problems.ts";
import type { AgentContext, Asking, DeskContext } from "../context.ts";
import { versionAsked } from "../tickets/version.ts";
import { agentOf } from "./agent.ts";
import { notSignedIn, openTokens } from "./token.ts";

type Role = Asking["agent"]["role"];

/** Who asks, kept beside the request and reachable only from here. */
const askers = new WeakMap<Request, Asking>();

/** Finds out who asks, from the bearer token and nothing else. Routes behind it know their agent. */
export function signIn({ desk, settings }: Pick<DeskContext, "desk" | "settings">): RequestHandler {
  const tokens = openTokens(settings);
  return async (req, _res, next) => {
    const bearer = await tokens.read(tokenIn(req));
    const { role } = bearer;
    if (!role)
      throw forbidden(
        `You are signed in as ${bearer.address || bearer.name}, but have no role in Deskhatch. Ask your administrator to give you one.`,
      );
    askers.set(req, await agentOf(desk, { ...bearer, role }, req.ip ?? ""));
    next();
  };
}

/** Which agents may. An administrator may everything. */
export function only(...roles: Role[]): RequestHandler {
  return (req, _res, next) => {
    const { role } = whoAsks(req).agent;
    if (role !== "admin" && !roles.includes(role))
      throw forbidden(`This is for ${roles.join(" and ")}s. You are ${role === "agent" ? "an agent" : `a ${role}`}.`);
    next();
  };
}

/** What a verb gets: the desk's context, who asks, and the version they saw. */
export const contextOf =
  (context: DeskContext) =>
  (req: Request, _res: Response): AgentContext => ({ ...context, ...whoAsks(req), version: versionAsked(req) });

export function whoAsks(req: Request): Asking {
  const asking = askers.get(req);
  if (!asking) throw notSignedIn("Sign in first.");
  return asking;
}

/** RFC 6750, section 2.1: in the header, and only there; an address with a token in it would be logged. */
function tokenIn(req: Request): string {
  const [, token] = /^Bearer +([\w~+/.-]+=*) *$/i.exec(req.headers.authorization ?? "") ?? [];
  if (!token) throw notSignedIn("Sign in first: this address needs an access token.");
  return token;
}
