import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";

/** The secrets an administrator would make, made the first time and kept with the data. */
export async function keptSecrets(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const certificateFile = join(folder, "entra-certificate.pem");
  const privateKeyFile = join(folder, "entra-private-key.pem");
  if (!existsSync(privateKeyFile)) {
    const notAfterDate = new Date(Date.now() + 5 * 365 * 24 * 3600 * 1000);
    const made = await generate([{ name: "commonName", value: "Deskhatch" }], {
      keySize: 2048,
      algorithm: "sha256",
      notAfterDate,
    });
    writeFileSync(certificateFile, made.cert, { mode: 0o600 });
    writeFileSync(privateKeyFile, made.private, { mode: 0o600 });
  }
  return {
    certificateFile,
    privateKeyFile,
    certificate: readFileSync(certificateFile, "utf8"),
    deskSecret: kept(join(folder, "desk-secret")),
    portalSecret: kept(join(folder, "portal-secret")),
  };
}

function kept(file: string) {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("hex"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}
