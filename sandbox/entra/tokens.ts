import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import { type Person, people, tenantId } from "../world.ts";
import type { SigningKeys } from "./keys.ts";

export const graphResource = "https://graph.microsoft.com";

/** What the administrator has consented to for delegated use (Microsoft Graph permissions reference). */
export const delegatedPermissions = [
  "Mail.Read",
  "Mail.Read.Shared",
  "Mail.ReadWrite",
  "Mail.ReadWrite.Shared",
  "Mail.Send",
  "Mail.Send.Shared",
  "User.Read",
] as const;

export const applicationPermissions = ["Mail.Read", "Mail.ReadWrite", "Mail.Send"] as const;

export type TokenOptions = { issuer: () => string; keys: SigningKeys; lifetime: () => number };

export type Tokens = ReturnType<typeof tokensOf>;

/** How the caller proved who it is: 0 a public client, 2 a certificate (access-token-claims-reference, azpacr). */
type Proof = "0" | "2";

/** A token comes with every request: its signature is checked once, for as long as the keys are the same. */
const mostGood = 500;
type Good = { keySet: ReturnType<SigningKeys["verifying"]>; payload: JWTPayload };

/** Signs and checks Entra's tokens, in the shapes that Entra gives them. */
export function tokensOf({ issuer, keys, lifetime }: TokenOptions) {
  const good = new Map<string, Good>();
  const sign = (claims: JWTPayload) => {
    const { kid, privateKey } = keys.current();
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      ...claims,
      iat: now,
      nbf: now,
      exp: now + lifetime(),
      uti: randomBytes(16).toString("base64url"),
    })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid, x5t: kid })
      .sign(privateKey);
  };

  return {
    /** For our own API: version 2, whose audience is always the API's client id. */
    forApi: (person: Person, apiClientId: string, clientId: string, scopes: string[], proof: Proof = "0") =>
      sign({
        aud: apiClientId,
        iss: issuer(),
        azp: clientId,
        azpacr: proof,
        name: person.name,
        oid: person.objectId,
        preferred_username: person.address,
        ...(person.role ? { roles: [person.role] } : {}),
        scp: scopes.join(" "),
        sub: pairwise(person, apiClientId),
        tid: tenantId,
        ver: "2.0",
      }),

    /** For Graph, as somebody: version 1, as Graph still takes them. */
    forGraph: (person: Person, clientId: string, scopes: readonly string[], proof: Proof) =>
      sign({
        ...graphClaims(clientId, proof),
        oid: person.objectId,
        name: person.name,
        upn: person.address,
        unique_name: person.address,
        scp: scopes.join(" "),
        sub: pairwise(person, graphResource),
      }),

    /** For another Microsoft service, as an app without a person: its address is the audience. */
    forService: (resource: string, clientId: string) =>
      sign({
        ...graphClaims(clientId, "2"),
        aud: resource,
        oid: servicePrincipalOf(clientId),
        sub: servicePrincipalOf(clientId),
      }),

    /** For Graph, as an app without a person. */
    forGraphAsApp: (clientId: string, roles: readonly string[]) =>
      sign({
        ...graphClaims(clientId, "2"),
        oid: servicePrincipalOf(clientId),
        sub: servicePrincipalOf(clientId),
        roles: [...roles],
      }),

    idToken: (person: Person, clientId: string, nonce: string | undefined) =>
      sign({
        aud: clientId,
        iss: issuer(),
        // An optional claim that the app registration asks for (entra-docs, optional-claims).
        email: person.address,
        name: person.name,
        oid: person.objectId,
        preferred_username: person.address,
        ...(nonce ? { nonce } : {}),
        sub: pairwise(person, clientId),
        tid: tenantId,
        ver: "2.0",
      }),

    /** Signature and time are good: these are its claims. Throws jose's errors otherwise. */
    async verify(token: string, audience: string | string[]): Promise<JWTPayload> {
      const keySet = keys.verifying();
      const name = `${audience} ${token}`;
      const known = good.get(name);
      if (known?.keySet === keySet && Number(known.payload.exp) * 1000 > Date.now()) return known.payload;
      const { payload } = await jwtVerify(token, keySet, { audience, algorithms: ["RS256"] });
      if (good.size >= mostGood) good.clear();
      good.set(name, { keySet, payload });
      return payload;
    },
  };
}

const graphClaims = (clientId: string, proof: Proof) => ({
  aud: graphResource,
  // Graph's tokens name the old issuer; Graph alone reads them.
  iss: `https://sts.windows.net/${tenantId}/`,
  appid: clientId,
  appidacr: proof,
  tid: tenantId,
  ver: "1.0",
});

/** The subject differs from application to application (access-token-claims-reference, sub). */
const pairwise = (person: Person, audience: string) =>
  createHash("sha256").update(`${person.objectId} ${audience}`).digest("base64url");

/** The enterprise application that stands for an app in the tenant has an object id of its own, always the same. */
function servicePrincipalOf(clientId: string): string {
  const hex = createHash("sha256").update(`service principal ${clientId}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const personByAddress = (address: string) =>
  people.find((person) => person.address.toLowerCase() === address.toLowerCase());

export const personById = (objectId: string) => people.find((person) => person.objectId === objectId);

/** What msal reads the account's ids from. */
export const clientInfo = (person: Person) =>
  Buffer.from(JSON.stringify({ uid: person.objectId, utid: tenantId })).toString("base64url");

export const newCode = () => `1.${randomBytes(48).toString("base64url")}`;

export const newTrace = () => randomUUID();
