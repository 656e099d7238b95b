/** The whole product, started as a person starts it, in a folder and on ports of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Addresses } from "../server/platform/database/rooms.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export type Product = {
  outlookUrl: string;
  deskUrl: string;
  /** The TLS front through which browsers reach the desk. */
  addinUrl: string;
  portalUrl: string;
  smtpPort: number;
  /** Trust it to talk to `outlookUrl` and `addinUrl`. */
  caFile: string;
  addresses: Addresses;
  data: string;
  /** Of the start; its children are PostgreSQL, the desk and the portal. */
  pid: number;
  /** Everything it printed so far. */
  said: () => string;
  /** Ctrl-C, and waits for the end. */
  stop: () => Promise<number | null>;
};

/** `data`: a folder to keep; without it one is made, and removed at the end. */
export async function startProduct(
  options: { empty?: boolean; data?: string; env?: NodeJS.ProcessEnv; ports?: { PORTAL_PORT?: number } } = {},
): Promise<Product> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "deskhatch-"));
  const [desk, portal, sandbox, addin, smtp] = await freePorts(5);
  const child = spawn(process.execPath, ["sandbox/start.ts", ...(options.empty ? ["--empty"] : [])], {
    cwd: root,
    env: {
      ...process.env,
      ...options.env,
      DESKHATCH_DATA: data,
      DESK_PORT: String(desk),
      PORTAL_PORT: String(portal),
      SANDBOX_PORT: String(sandbox),
      ADDIN_PORT: String(addin),
      SMTP_PORT: String(smtp),
      ...Object.fromEntries(Object.entries(options.ports ?? {}).map(([name, port]) => [name, String(port)])),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = await open(child);
  return {
    outlookUrl: `https://localhost:${sandbox}`,
    addinUrl: `https://localhost:${addin}`,
    deskUrl: `http://127.0.0.1:${desk}`,
    portalUrl: `http://localhost:${portal}`,
    smtpPort: smtp ?? 0,
    caFile: join(data, "sandbox", "tls", "ca.pem"),
    addresses: Addresses.parse(JSON.parse(readFileSync(join(data, "addresses.json"), "utf8"))),
    data,
    pid: child.pid ?? 0,
    said,
    stop: async () => {
      const code = await end(child);
      if (!options.data) rmSync(data, { recursive: true, force: true });
      return code;
    },
  };
}

async function open(child: ChildProcess) {
  let text = "";
  const opened = new Promise<void>((ready, failed) => {
    const listen = (chunk: Buffer) => {
      text += chunk;
      if (text.includes("Deskhatch is open")) ready();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => failed(new Error(`Deskhatch did not start (code ${code}):\n${text}`)));
  });
  await opened;
  return () => text;
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill("SIGINT");
  const [code] = (await gone) as [number | null];
  return code;
}

async function freePorts(count: number) {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer().listen(0, "127.0.0.1");
      await once(probe, "listening");
      return probe;
    }),
  );
  const ports = probes.map((probe) => {
    const address = probe.address();
    return address && typeof address === "object" ? address.port : 0;
  });
  await Promise.all(probes.map((probe) => new Promise((closed) => probe.close(closed))));
  return ports;
}
