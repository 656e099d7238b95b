import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { type CryptoKey, createLocalJWKSet, exportJWK, importJWK, importPKCS8, type JWK } from "jose";
import type { Store } from "../store.ts";

type SigningKey = { kid: string; publicJwk: JWK; privateKey: CryptoKey };

export type SigningKeys = {
  /** The key that signs from now on. */
  current(): SigningKey;
  /** What /discovery/keys answers: always more than one key (entra-docs, signing-key-rollover). */
  jwks(): { keys: JWK[] };
  /** The same keys, for checking signatures. */
  verifying(): ReturnType<typeof createLocalJWKSet>;
  /** The next key signs, the oldest is forgotten: tokens that it signed are worth nothing any more. */
  rotate(): Promise<void>;
};

const algorithm = "RS256";

/** Entra's signing keys: the current and the next, kept so that tokens outlive a restart. */
export async function signingKeys(store: Store): Promise<SigningKeys> {
  let keys = await Promise.all(readKeys(store).map(restore));
  const missing = 2 - keys.length;
  if (missing > 0) {
    const made = await Promise.all(Array.from({ length: missing }, makeKey));
    for (const jwk of made) keep(store, jwk);
    keys = [...keys, ...(await Promise.all(made.map(restore)))];
  }

  const published = () => ({ keys: keys.map(({ publicJwk }) => publicJwk) });
  let keySet = createLocalJWKSet(published());

  return {
    current() {
      const [first] = keys;
      if (!first) throw new Error("Entra has no signing key: delete the sandbox's data and start again.");
      return first;
    },
    jwks: published,
    verifying: () => keySet,
    async rotate() {
      const jwk = await makeKey();
      const oldest = keys[0];
      store.transact(() => {
        keep(store, jwk);
        if (oldest) store.run("delete from signing_key where kid = ?", oldest.kid);
      });
      keys = [...keys.slice(1), await restore(jwk)];
      keySet = createLocalJWKSet(published());
    },
  };
}

const readKeys = (store: Store): JWK[] =>
  store.all<{ jwk: string }>("select jwk from signing_key order by id").map(({ jwk }) => JSON.parse(jwk));

const keep = (store: Store, jwk: JWK) =>
  store.run("insert into signing_key (kid, jwk) values (?, ?)", jwk.kid ?? "", JSON.stringify(jwk));

async function makeKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const jwk = await exportJWK(await importPKCS8(pem, algorithm, { extractable: true }));
  return { ...jwk, kid: randomBytes(20).toString("base64url") };
}

async function restore(jwk: JWK): Promise<SigningKey> {
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array || !jwk.kid)
    throw new Error("Entra's signing key cannot be read: delete the sandbox's data.");
  const { kty = "RSA", n = "", e = "" } = jwk;
  return { kid: jwk.kid, privateKey: key, publicJwk: { kty, use: "sig", kid: jwk.kid, n, e, alg: algorithm } };
}
