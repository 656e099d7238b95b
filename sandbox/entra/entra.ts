import express, { type Request, type Response, Router } from "express";
import type { Caller } from "../graph/access.ts";
import type { Store } from "../store.ts";
import { type Person, tenantId } from "../world.ts";
import type { RegisteredApp } from "./assertion.ts";
import { authorization, type Grants } from "./authorize.ts";
import { claimsChallenge } from "./challenge.ts";
import { signingKeys } from "./keys.ts";
import { answerNested, NestedRequest } from "./nested.ts";
import { EntraProblem, problemBody } from "./problem.ts";
import { delegated, grantToken, type TokenEndpoint } from "./token.ts";
import { delegatedPermissions, graphResource, personByAddress, tokensOf } from "./tokens.ts";

/** Exchange Online's own application: as such the pretend Outlook calls Graph. */
export const outlookClientId = "00000002-0000-0ff1-ce00-000000000000";

export type Entra = Awaited<ReturnType<typeof startEntra>>;

/** The pretend Entra ID of one tenant. `origin` is where the sandbox listens. */
export async function startEntra(store: Store, origin: () => string) {
  const keys = await signingKeys(store);
  const apps = new Map<string, RegisteredApp>();
  const grants: Grants = new Map();
  const challenge = claimsChallenge();
  let lifetime = 3599;

  const base = () => `${origin()}/${tenantId}`;
  const tokenUrl = () => `${base()}/oauth2/v2.0/token`;
  const tokens = tokensOf({ issuer: () => `${base()}/v2.0`, keys, lifetime: () => lifetime });
  const endpoint: TokenEndpoint = {
    store,
    tokens,
    apps,
    grants,
    challenge,
    lifetime: () => lifetime,
    dataverse: origin,
    audiences: () => [tokenUrl(), `${base()}/v2.0`, base()],
  };

  return {
    routes: routes(),
    /** The administrator's part: this app exists and holds this certificate. */
    registerApp: (app: RegisteredApp) => void apps.set(app.clientId, app),
    rotateKeys: keys.rotate,
    challenge,
    /** How long the next tokens live, in seconds. */
    setTokenLifetime: (seconds: number) => {
      lifetime = seconds;
    },
    /** A token for an application of Microsoft's own choosing, as Outlook's bridge needs it. */
    issueDelegatedToken: ({
      person,
      clientId,
      scopes,
    }: {
      person: Person;
      clientId: string;
      scopes: readonly string[];
    }) => delegated(endpoint, person, clientId, ["openid", "profile", ...scopes].join(" "), {}),
    /** For the pretend Outlook: whoever it shows may do with mail what Outlook lets her do. */
    async graphToken(address: string): Promise<{ token: string; expiresIn: number }> {
      const token = await tokens.forGraph(known(address), outlookClientId, delegatedPermissions, "2");
      return { token, expiresIn: lifetime };
    },
    nested: (request: NestedRequest) => answerNested(endpoint, request),
    verifyGraphToken,
    verifyDataverseToken,
  };

  /** Who calls Graph. Null when the token is not one of ours for Graph, or is over. */
  async function verifyGraphToken(token: string): Promise<Caller | null> {
    const claims = await tokens.verify(token, graphResource).catch(() => null);
    const appId = claims?.appid;
    if (!claims || typeof appId !== "string") return null;
    if (Array.isArray(claims.roles)) {
      const allowed = apps.get(appId)?.mailboxes?.map((address) => address.toLowerCase()) ?? null;
      return { kind: "app", appId, roles: claims.roles.map(String), mailboxes: allowed };
    }
    if (typeof claims.scp !== "string" || typeof claims.oid !== "string" || typeof claims.upn !== "string") return null;
    return { kind: "delegated", appId, objectId: claims.oid, address: claims.upn, scopes: claims.scp.split(" ") };
  }

  /** Which app calls Dataverse; null when the token is not for it, or is over. */
  async function verifyDataverseToken(token: string): Promise<string | null> {
    const claims = await tokens.verify(token, origin()).catch(() => null);
    return typeof claims?.appid === "string" && apps.has(claims.appid) ? claims.appid : null;
  }

  function routes(): Router {
    const router = Router();
    router.param("tenant", (_request, _response, next, tenant: string) =>
      next(tenant === tenantId || tenant === "common" || tenant === "organizations" ? undefined : "route"),
    );
    const page = authorization(grants, challenge);
    const tenant = "/:tenant";
    const form = express.urlencoded({ extended: false });

    router.get(
      [`${tenant}/v2.0/.well-known/openid-configuration`, `${tenant}/.well-known/openid-configuration`],
      (_, response) => {
        allowAnyOrigin(response).json(configuration());
      },
    );
    router.get(`${tenant}/discovery/v2.0/keys`, (_, response) => {
      allowAnyOrigin(response).json(keys.jwks());
    });
    router.get("/common/discovery/instance", (_, response) => {
      allowAnyOrigin(response).json(instances());
    });
    router.get(`${tenant}/oauth2/v2.0/authorize`, page.show);
    router.post(`${tenant}/oauth2/v2.0/authorize`, form, (request, response) => {
      response.redirect(303, `${request.path}?${new URLSearchParams(request.body)}`);
    });
    router.post(`${tenant}/login`, form, page.signIn);
    router.get(`${tenant}/oauth2/v2.0/logout`, page.signOut);
    router.options(`${tenant}/oauth2/v2.0/token`, (request, response) => {
      allowCaller(request, response).status(204).end();
    });
    router.post(`${tenant}/oauth2/v2.0/token`, express.text({ type: () => true, limit: "256kb" }), token);
    router.post("/outlook/naa", express.json(), nested);
    return router;
  }

  async function token(request: Request, response: Response) {
    allowCaller(request, response).set("Cache-Control", "no-store");
    const form = new URLSearchParams(typeof request.body === "string" ? request.body : "");
    try {
      response.json(await grantToken(endpoint, form));
    } catch (problem) {
      if (!(problem instanceof EntraProblem)) throw problem;
      const status = problem.error === "invalid_client" || problem.error === "unauthorized_client" ? 401 : 400;
      response.status(status).json(problemBody(problem, form.get("client-request-id") ?? undefined));
    }
  }

  /** Outlook's own page only: whoever may ask here gets tokens without signing in. */
  async function nested(request: Request, response: Response) {
    if (request.headers.origin !== origin()) {
      response
        .status(403)
        .json({ title: "Forbidden", detail: `Only Outlook's page at ${origin()} may ask for nested tokens.` });
      return;
    }
    const read = NestedRequest.safeParse(request.body);
    if (read.success) response.json(await answerNested(endpoint, read.data));
    else
      response.status(400).json({
        title: "Bad request",
        detail: `Send method, person, clientId and scope: ${read.error.issues[0]?.path.join(".")} is wrong.`,
      });
  }

  function configuration() {
    return {
      issuer: `${base()}/v2.0`,
      authorization_endpoint: `${base()}/oauth2/v2.0/authorize`,
      token_endpoint: tokenUrl(),
      jwks_uri: `${base()}/discovery/v2.0/keys`,
      end_session_endpoint: `${base()}/oauth2/v2.0/logout`,
      response_modes_supported: ["query", "fragment", "form_post"],
      response_types_supported: ["code"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      scopes_supported: ["openid", "profile", "email", "offline_access"],
      token_endpoint_auth_methods_supported: ["private_key_jwt", "none"],
      code_challenge_methods_supported: ["S256"],
      tenant_region_scope: "EU",
      cloud_instance_name: new URL(origin()).host,
    };
  }

  function instances() {
    const { host } = new URL(origin());
    return {
      tenant_discovery_endpoint: `${base()}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    };
  }
}

function known(address: string) {
  const person = personByAddress(address);
  if (!person) throw new Error(`Nobody in the sandbox's world has the address ${address}.`);
  return person;
}

const allowAnyOrigin = (response: Response) => response.set("Access-Control-Allow-Origin", "*");

/** A single-page app redeems its code from its own origin (entra-docs, v2-oauth2-auth-code-flow, "SPA"). */
const allowCaller = (request: Request, response: Response) =>
  response.set({
    "Access-Control-Allow-Origin": request.headers.origin ?? "*",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": request.headers["access-control-request-headers"] ?? "*",
    Vary: "Origin",
  });
