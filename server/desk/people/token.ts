/** What Entra ID says about the bearer of a token, once every part of it was checked. */
import { createHash } from "node:crypto";
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import type { DeskSettings } from "../../platform/config.ts";
import { log } from "../../platform/log.ts";
import { type ProblemError, problem } from "../../platform/problems.ts";
import type { Role } from "../contract/people.ts";

/** The scope that the pane asks for (the app registration's "expose an API"). */
const ourScope = "Desk.Use";

/**
 * Claims of a v2.0 access token for our API.
 * https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 */
const Claims = z.object({
  tid: z.uuid(),
  oid: z.uuid(),
  ver: z.literal("2.0"),
  exp: z.number(),
  scp: z.string().refine((scopes) => scopes.split(" ").includes(ourScope)),
  /** Only app-only tokens carry "app". */
  idtyp: z.literal("user").optional(),
  name: z.string().default(""),
  preferred_username: z.string().default(""),
  azp: z.string().default(""),
  roles: z.array(z.string()).default([]),
});

export type Bearer = {
  tenantId: string;
  objectId: string;
  name: string;
  address: string;
  role: z.infer<typeof Role> | null;
  /** The program the token was given to. */
  program: string;
  expiresAt: number;
};

export type Tokens = { read: (token: string) => Promise<Bearer> };

/** Tokens are checked against the keys that Entra publishes, found through its OpenID configuration at the first token. */
export function openTokens(settings: DeskSettings): Tokens {
  const issuer = `${settings.ENTRA_URL}/${settings.ENTRA_TENANT_ID}/v2.0`;
  let keys: Promise<JWTVerifyGetKey> | null = null;
  const known = new Map<string, { bearer: Bearer; until: number }>();

  async function check(token: string): Promise<Bearer> {
    keys ??= publishedKeys(issuer);
    const findKey = await keys.catch((cause: unknown) => {
      keys = null;
      throw unreachable(issuer, cause);
    });
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: ["RS256"],
      issuer,
      audience: settings.ENTRA_CLIENT_ID,
      requiredClaims: ["exp", "tid", "oid"],
      clockTolerance: 30,
    }).catch((cause: unknown) => {
      if (isNetwork(cause)) throw unreachable(issuer, cause);
      throw notSignedIn("Your sign-in is not valid here or has expired. Sign in again.", "invalid_token");
    });
    const claims = Claims.safeParse(payload);
    if (!claims.success || claims.data.tid !== settings.ENTRA_TENANT_ID)
      throw notSignedIn("This sign-in is not one for Deskhatch. Sign in again from the pane.", "invalid_token");
    return bearerOf(claims.data, settings.ENTRA_CLIENT_ID);
  }

  return {
    read: async (token) => {
      const hash = createHash("sha256").update(token).digest("base64");
      const now = Date.now();
      const before = known.get(hash);
      if (before && before.until > now) return before.bearer;

      const bearer = await check(token);
      if (known.size >= 2000) known.clear();
      known.set(hash, { bearer, until: Math.min(now + 60_000, bearer.expiresAt) });
      return bearer;
    },
  };
}

/** RFC 6750, section 3: a refusal says what is wrong with the token. */
export function notSignedIn(detail: string, error?: "invalid_token" | "invalid_request"): ProblemError {
  const challenge = error ? `Bearer realm="Deskhatch", error="${error}"` : `Bearer realm="Deskhatch"`;
  return problem(401, "not_signed_in", detail, {}, { "WWW-Authenticate": challenge });
}

const Configuration = z.object({ issuer: z.string(), jwks_uri: z.url() });

async function publishedKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(5000) });
  const configuration = Configuration.parse(await answer.json());
  if (configuration.issuer !== issuer)
    throw new Error(`${issuer} says that it is ${configuration.issuer}. Check ENTRA_URL and ENTRA_TENANT_ID.`);
  // Keys may roll any time: an unknown one is looked for at once, but not more often than this, whoever asks.
  return createRemoteJWKSet(new URL(configuration.jwks_uri), { cooldownDuration: 5000, timeoutDuration: 5000 });
}

/** What jose throws when the keys, not the token, are the trouble. */
const isNetwork = (cause: unknown) =>
  cause instanceof errors.JWKSTimeout ||
  cause instanceof TypeError ||
  (cause instanceof errors.JOSEError && cause.code === "ERR_JOSE_GENERIC");

function unreachable(issuer: string, cause: unknown) {
  log.error({ err: cause, issuer }, "the keys of the sign-in service cannot be read");
  return problem(503, "sign_in_unreachable", "The sign-in service does not answer. Try again in a minute.");
}

function bearerOf(claims: z.infer<typeof Claims>, clientId: string): Bearer {
  const roles = ["admin", "lead", "agent"] as const;
  return {
    tenantId: claims.tid,
    objectId: claims.oid,
    name: claims.name || claims.preferred_username,
    address: claims.preferred_username.toLowerCase(),
    role: roles.find((role) => claims.roles.includes(role)) ?? null,
    program: claims.azp === clientId ? "outlook-pane" : `app ${claims.azp}`,
    expiresAt: claims.exp * 1000,
  };
}
