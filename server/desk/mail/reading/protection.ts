import type { MimePart } from "./mime/tree.ts";
import type { MailProtection } from "./read-mail.ts";

const ARMOUR = /^-----BEGIN PGP (SIGNED )?MESSAGE-----[ \t]*$/m;

/** S/MIME (RFC 8551) and OpenPGP (RFC 3156, or in the text). */
export function readProtection(root: MimePart, text: string): MailProtection | null {
  const { type, contentType } = root;
  const protocol = contentType.parameters.get("protocol")?.toLowerCase() ?? "";
  if (type === "multipart/signed") return protocol.includes("pgp") ? "pgp_signed" : "smime_signed";
  if (type === "multipart/encrypted") return "pgp_encrypted";
  if (/^application\/(x-)?pkcs7-mime$/.test(type))
    return contentType.parameters.get("smime-type")?.toLowerCase() === "signed-data"
      ? "smime_signed"
      : "smime_encrypted";
  const armour = ARMOUR.exec(text.slice(0, 100_000));
  return armour ? (armour[1] ? "pgp_signed" : "pgp_encrypted") : null;
}
