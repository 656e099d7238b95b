/** A small Entra ID: publishes its keys as the real one does, and signs whatever a test wants signed. */
import { randomUUID } from "node:crypto";
import express from "express";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from "jose";
import { listen } from "../../server/platform/http.ts";

export type Person = { tid: string; oid: string; name: string; preferred_username: string; roles: string[] };

type Wish = {
  claims?: Record<string, unknown>;
  header?: Partial<JWTHeaderParameters>;
  key?: CryptoKey | Uint8Array;
  expiresIn?: number;
};

export async function startEntra(tenantId: string, clientId: string) {
  const keys = [await newKey(), await newKey()];
  let reads = 0;
  const app = express();
  const listening = await listen(app, 0);
  const url = `http://127.0.0.1:${listening.port}`;
  const issuer = `${url}/${tenantId}/v2.0`;
  app.get(`/${tenantId}/v2.0/.well-known/openid-configuration`, (_, res) => {
    res.json({ issuer, jwks_uri: `${url}/${tenantId}/discovery/v2.0/keys` });
  });
  app.get(`/${tenantId}/discovery/v2.0/keys`, (_, res) => {
    reads += 1;
    res.json({ keys: keys.map(({ published }) => published) });
  });

  return {
    url,
    issuer,
    /** How often somebody read the keys. */
    reads: () => reads,
    /** Signs with a new key from now on, as Entra does any time. */
    roll: async () => void keys.unshift(await newKey()),
    publicKey: () => keys[0]?.published,
    /** An access token as the pane gets it; `wish` changes what a forger would change. */
    token: (person: Person, { claims = {}, header = {}, key, expiresIn = 3600 }: Wish = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const standard = {
        aud: clientId,
        iss: issuer,
        iat: now,
        nbf: now - 60,
        exp: now + expiresIn,
        azp: clientId,
        azpacr: "0",
        scp: "Desk.Use",
        ver: "2.0",
        uti: randomUUID(),
        sub: person.oid,
        ...person,
      };
      const payload = Object.fromEntries(
        Object.entries({ ...standard, ...claims }).filter(([, value]) => value !== undefined),
      );
      const [current] = keys;
      if (!current) throw new Error("Entra has no key.");
      return new SignJWT(payload)
        .setProtectedHeader({ alg: "RS256", kid: current.kid, typ: "JWT", ...header })
        .sign(key ?? current.privateKey);
    },
    close: listening.close,
  };
}

async function newKey() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const kid = randomUUID();
  return { kid, privateKey, published: { ...(await exportJWK(publicKey)), kid, use: "sig", kty: "RSA" } };
}
