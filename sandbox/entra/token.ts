import { createHash, randomBytes } from "node:crypto";
import type { Store } from "../store.ts";
import { deskApp, type Person } from "../world.ts";
import { authenticateApp, type RegisteredApp } from "./assertion.ts";
import type { Grants } from "./authorize.ts";
import type { ClaimsChallenge } from "./challenge.ts";
import { EntraProblem } from "./problem.ts";
import { applicationPermissions, clientInfo, delegatedPermissions, personById, type Tokens } from "./tokens.ts";

export type TokenEndpoint = {
  store: Store;
  tokens: Tokens;
  apps: Map<string, RegisteredApp>;
  grants: Grants;
  challenge: ClaimsChallenge;
  lifetime: () => number;
  /** The Dataverse environment that tokens can be had for. */
  dataverse: () => string;
  /** What a client assertion may be addressed to. */
  audiences: () => string[];
};

export type TokenAnswer = {
  token_type: "Bearer";
  expires_in: number;
  ext_expires_in: number;
  access_token: string;
  scope?: string;
  refresh_token?: string;
  id_token?: string;
  client_info?: string;
};

/** POST /token: one grant, one answer. */
export async function grantToken(endpoint: TokenEndpoint, form: URLSearchParams): Promise<TokenAnswer> {
  const grant = form.get("grant_type");
  if (grant === "authorization_code") return redeemCode(endpoint, form);
  if (grant === "refresh_token") return refresh(endpoint, form);
  if (grant === "client_credentials") return forApp(endpoint, form);
  if (grant === "urn:ietf:params:oauth:grant-type:jwt-bearer") return onBehalfOf(endpoint, form);
  throw new EntraProblem("unsupported_grant_type", 70003, `The app requested an unsupported grant type '${grant}'.`);
}

async function redeemCode(endpoint: TokenEndpoint, form: URLSearchParams): Promise<TokenAnswer> {
  const code = form.get("code") ?? "";
  const grant = endpoint.grants.get(code);
  endpoint.grants.delete(code);
  if (!grant || grant.expiresAt < Date.now()) {
    throw new EntraProblem(
      "invalid_grant",
      70008,
      "The authorization code has expired or was already redeemed. Sign in again.",
    );
  }
  if (grant.clientId !== form.get("client_id") || grant.redirectUri !== form.get("redirect_uri")) {
    throw new EntraProblem("invalid_grant", 50011, "client_id or redirect_uri differ from those of the sign-in.");
  }
  const verifier = form.get("code_verifier") ?? "";
  if (grant.codeChallenge && createHash("sha256").update(verifier).digest("base64url") !== grant.codeChallenge) {
    throw new EntraProblem(
      "invalid_grant",
      501481,
      "The code_verifier does not match the code_challenge of the sign-in.",
    );
  }
  return delegated(endpoint, grant.person, grant.clientId, form.get("scope") ?? grant.scope, { nonce: grant.nonce });
}

async function refresh(endpoint: TokenEndpoint, form: URLSearchParams): Promise<TokenAnswer> {
  const row = endpoint.store.one<{ objectId: string; clientId: string; scope: string; expiresAt: number }>(
    "select object_id as objectId, client_id as clientId, scope, expires_at as expiresAt from refresh_token where token = ?",
    hash(form.get("refresh_token") ?? ""),
  );
  const person = row && personById(row.objectId);
  if (!person || row.clientId !== form.get("client_id") || row.expiresAt < Date.now()) {
    throw new EntraProblem("invalid_grant", 700082, "The refresh token has expired or is unknown. Sign in again.");
  }
  endpoint.challenge.check(form.get("claims"));
  return delegated(endpoint, person, row.clientId, form.get("scope") ?? row.scope, {});
}

async function forApp(endpoint: TokenEndpoint, form: URLSearchParams): Promise<TokenAnswer> {
  const app = await authenticate(endpoint, form);
  const answer = {
    token_type: "Bearer",
    expires_in: endpoint.lifetime(),
    ext_expires_in: endpoint.lifetime(),
  } as const;
  const dataverse = endpoint.dataverse();
  if (form.get("scope") === `${dataverse}/.default`)
    return { ...answer, access_token: await endpoint.tokens.forService(dataverse, app.clientId) };
  if (form.get("scope") !== "https://graph.microsoft.com/.default") {
    throw new EntraProblem(
      "invalid_scope",
      70011,
      `The provided value for scope '${form.get("scope")}' is not valid: use https://graph.microsoft.com/.default, or ${dataverse}/.default for Dataverse.`,
    );
  }
  return {
    ...answer,
    access_token: await endpoint.tokens.forGraphAsApp(app.clientId, app.roles ?? applicationPermissions),
  };
}

/** entra-docs v2-oauth2-on-behalf-of-flow: our API trades the token it was called with for one for Graph. */
async function onBehalfOf(endpoint: TokenEndpoint, form: URLSearchParams): Promise<TokenAnswer> {
  const app = await authenticate(endpoint, form);
  const claims = await endpoint.tokens.verify(form.get("assertion") ?? "", app.clientId).catch((problem: Error) => {
    throw new EntraProblem(
      "invalid_grant",
      500133,
      `Assertion is not within its valid time range, or not for this app: ${problem.message}.`,
    );
  });
  const person = typeof claims.oid === "string" && typeof claims.scp === "string" ? personById(claims.oid) : undefined;
  if (!person)
    throw new EntraProblem(
      "invalid_grant",
      50013,
      "Assertion failed: it must be the token of a person, not of an app.",
    );
  endpoint.challenge.check(form.get("claims"));
  return delegated(endpoint, person, app.clientId, form.get("scope") ?? "", { proof: "2" });
}

const authenticate = (endpoint: TokenEndpoint, form: URLSearchParams) =>
  authenticateApp(endpoint.apps.get(form.get("client_id") ?? ""), form, endpoint.audiences());

const openIdScopes = ["openid", "profile", "email", "offline_access"];
const refreshDays = 90;

type DelegatedOptions = { nonce?: string | undefined; proof?: "0" | "2" };

/** The whole answer for a person: access token for what was asked, and what OpenID Connect adds. */
export async function delegated(
  endpoint: TokenEndpoint,
  person: Person,
  clientId: string,
  scope: string,
  { nonce, proof = "0" }: DelegatedOptions,
): Promise<TokenAnswer> {
  const asked = scope.split(/\s+/).filter(Boolean);
  const { accessToken, granted } = await accessFor(endpoint, person, clientId, asked, proof);
  return {
    token_type: "Bearer",
    scope: granted.join(" "),
    expires_in: endpoint.lifetime(),
    ext_expires_in: endpoint.lifetime(),
    access_token: accessToken,
    ...(asked.includes("offline_access")
      ? { refresh_token: keepRefreshToken(endpoint.store, person, clientId, scope) }
      : {}),
    ...(asked.includes("openid") ? { id_token: await endpoint.tokens.idToken(person, clientId, nonce) } : {}),
    client_info: clientInfo(person),
  };
}

/** All scopes of one request are of one resource: our own API (api://…), or else Graph. */
async function accessFor(endpoint: TokenEndpoint, person: Person, clientId: string, asked: string[], proof: "0" | "2") {
  const ours = asked.filter((scope) => scope.startsWith("api://"));
  const graphs = asked.filter((scope) => !scope.startsWith("api://") && !openIdScopes.includes(scope));
  if (ours.length > 0 && graphs.length > 0) {
    throw new EntraProblem(
      "invalid_scope",
      28000,
      "Provided value for the input parameter scope is not valid because it contains more than one resource.",
    );
  }
  if (ours.length > 0) {
    const known = ours.every((scope) => scope === deskApp.scope || scope === `api://${deskApp.clientId}/.default`);
    if (!known)
      throw new EntraProblem(
        "invalid_scope",
        65001,
        `The permission '${ours.join(" ")}' does not exist. Ask for ${deskApp.scope}.`,
      );
    const accessToken = await endpoint.tokens.forApi(person, deskApp.clientId, clientId, ["Desk.Use"], proof);
    return { accessToken, granted: ours };
  }
  const names = graphs.map((scope) => scope.replace(/^https:\/\/graph\.microsoft\.com\//, ""));
  const unknown = names.find((name) => name !== ".default" && !delegatedPermissions.some((one) => one === name));
  if (unknown)
    throw new EntraProblem("invalid_grant", 65001, `The administrator has not consented to '${unknown}'.`, {
      suberror: "consent_required",
    });
  const scopes = names.includes(".default") ? [...delegatedPermissions] : names.length > 0 ? names : ["User.Read"];
  return {
    accessToken: await endpoint.tokens.forGraph(person, clientId, scopes, proof),
    granted: scopes.map((name) => `https://graph.microsoft.com/${name}`),
  };
}

function keepRefreshToken(store: Store, person: Person, clientId: string, scope: string): string {
  const token = `1.${randomBytes(64).toString("base64url")}`;
  store.run(
    "insert into refresh_token (token, object_id, client_id, scope, expires_at) values (?, ?, ?, ?, ?)",
    hash(token),
    person.objectId,
    clientId,
    scope,
    Date.now() + refreshDays * 86_400_000,
  );
  return token;
}

const hash = (token: string) => createHash("sha256").update(token).digest("base64url");
