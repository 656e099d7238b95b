import { randomBytes, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GenerateResult, generate } from "selfsigned";

/** What a local https server needs, and the authority that people and programs trust once. */
export type LocalTls = { caFile: string; ca: string; cert: string; key: string };

const day = 86_400_000;
const caDays = 3650;
/** Browsers refuse server certificates that live longer than 398 days (CA/Browser Forum Baseline Requirements 6.3.2). */
const serverDays = 397;
const renewDays = 30;

/** The sandbox's certificate for localhost, made at the first start and kept beside the mails. */
export async function localTls(dataDir: string): Promise<LocalTls> {
  const folder = join(dataDir, "tls");
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);

  if (!existsSync(file("ca.pem")) || endsSoon(readFileSync(file("ca.pem")))) save(file, "ca", await makeAuthority());
  const ca = { cert: readFileSync(file("ca.pem"), "utf8"), key: readFileSync(file("ca.key"), "utf8") };

  if (!existsSync(file("server.pem")) || !stillServes(readFileSync(file("server.pem")), ca.cert)) {
    save(file, "server", await makeServerCertificate(ca));
  }
  return {
    caFile: file("ca.pem"),
    ca: ca.cert,
    cert: readFileSync(file("server.pem"), "utf8"),
    key: readFileSync(file("server.key"), "utf8"),
  };
}

const stillServes = (cert: Buffer, ca: string) =>
  !endsSoon(cert) && new X509Certificate(cert).checkIssued(new X509Certificate(ca));

const endsSoon = (cert: Buffer) => Date.parse(new X509Certificate(cert).validTo) - Date.now() < renewDays * day;

/** The key first: a run killed in between leaves no certificate without its key. */
function save(file: (name: string) => string, name: string, made: GenerateResult) {
  writeFileSync(file(`${name}.key`), made.private, { mode: 0o600 });
  writeFileSync(file(`${name}.pem`), made.cert);
}

function makeAuthority(): Promise<GenerateResult> {
  // A name of its own: OpenSSL finds issuers by name, and a machine may trust several sandboxes.
  const name = `Deskhatch sandbox of this machine ${randomBytes(6).toString("hex")}`;
  return generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + caDays * day),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}

function makeServerCertificate(ca: { cert: string; key: string }): Promise<GenerateResult> {
  return generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + serverDays * day),
    ca,
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
}
