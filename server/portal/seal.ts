/** Small facts kept with the customer's browser (cookies, hidden fields): it can neither read nor change them. */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import type { z } from "zod";

/** What a sealed text is for; one made for one purpose opens for no other. */
export type Purpose = "sign-in" | "link" | "upload" | "device";

export type Seal = {
  close: (purpose: Purpose, facts: Record<string, unknown>, seconds: number) => Promise<string>;
  /** The facts, or null when it is expired, changed, or made for something else. */
  open: <Schema extends z.ZodType>(
    purpose: Purpose,
    sealed: string,
    schema: Schema,
  ) => Promise<z.output<Schema> | null>;
  /** Signs a short text: `text.signature`. */
  sign: (text: string) => string;
  /** The text when the signature is ours, otherwise null. */
  signed: (signedText: string) => string | null;
  /** A keyed hash: of no use to whoever reads the database without our secret. */
  hash: (text: string) => string;
};

/** The one way in which we seal; a text that names another is refused before it is tried. */
const ours = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };

export function sealWith(secret: string): Seal {
  const key = (use: string) => new Uint8Array(hkdfSync("sha256", secret, "", `deskhatch portal ${use}`, 32));
  const [sealing, signing, hashing] = [key("seal"), key("sign"), key("hash")];
  const mac = (use: Uint8Array, text: string) => createHmac("sha256", use).update(text).digest("base64url");

  return {
    close: (purpose, facts, seconds) =>
      new EncryptJWT(facts)
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setAudience(purpose)
        .setExpirationTime(`${seconds}s`)
        .encrypt(sealing),
    open: async (purpose, sealed, schema) => {
      try {
        const { payload } = await jwtDecrypt(sealed, sealing, { audience: purpose, ...ours });
        return schema.parse(payload);
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
    sign: (text) => `${text}.${mac(signing, text)}`,
    signed: (signedText) => {
      const dot = signedText.lastIndexOf(".");
      const text = signedText.slice(0, dot);
      const [given, expected] = [Buffer.from(signedText.slice(dot + 1)), Buffer.from(mac(signing, text))];
      return dot > 0 && given.length === expected.length && timingSafeEqual(given, expected) ? text : null;
    },
    hash: (text) => mac(hashing, text),
  };
}
