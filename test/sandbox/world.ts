import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { createTransport, type Transporter } from "nodemailer";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { checkAnswer } from "./contract.ts";

export type SandboxWorld = {
  sandbox: Sandbox;
  dataDir: string;
  /** Sends by SMTP, as any mail program would. */
  smtp: Transporter;
  /** Graph as somebody who has signed in to Outlook. */
  as(address: string): Promise<GraphUse>;
  end(): Promise<void>;
};

export type GraphAnswer = {
  status: number;
  headers: Headers;
  // A test knows what it asked for; that the answer has Graph's shape is checked before the test sees it.
  // biome-ignore lint/suspicious/noExplicitAny: Graph's JSON, validated against the contract.
  body: any;
  text: string;
};

export type GraphUse = ReturnType<typeof graphWith>;

/** A sandbox of its own in a new folder, with a desk behind its TLS front. */
export async function aSandbox({
  desk,
  dataDir,
}: {
  desk?: RequestListener;
  dataDir?: string;
} = {}): Promise<SandboxWorld> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), "sandbox-"));
  const server = createServer(desk ?? ((_, response) => response.end("the desk")));
  const port = await listen(server);
  const sandbox = await startSandbox({
    dataDir: folder,
    sandboxPort: 0,
    addinPort: 0,
    smtpPort: 0,
    deskUrl: `http://127.0.0.1:${port}`,
  });
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), sandbox.ca]);
  const smtp = createTransport({
    host: "127.0.0.1",
    port: sandbox.smtpPort,
    pool: true,
    maxConnections: 8,
    ignoreTLS: true,
  });

  return {
    sandbox,
    dataDir: folder,
    smtp,
    as: async (address) => graphWith(sandbox, (await sandbox.graphToken(address)).token),
    async end() {
      smtp.close();
      await sandbox.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (!dataDir) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // A listening TCP server's address is an AddressInfo.
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** Every answer is held against Microsoft's contract before a test gets it. */
export function graphWith(sandbox: Sandbox, token: string) {
  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<GraphAnswer> {
    const url = path.startsWith("https:") ? path : `${sandbox.url}/v1.0${path}`;
    const isText = typeof body === "string";
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": isText ? "text/plain" : "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /application\/json/.test(response.headers.get("content-type") ?? "");
    const answer = { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
    checkAnswer(method, new URL(url).pathname.replace("/v1.0", ""), answer);
    return answer;
  }

  return {
    ask,
    get: (path: string, headers?: Record<string, string>) => ask("GET", path, undefined, headers),
    post: (path: string, body?: unknown, headers?: Record<string, string>) => ask("POST", path, body ?? {}, headers),
    patch: (path: string, body: unknown, headers?: Record<string, string>) => ask("PATCH", path, body, headers),
    delete: (path: string) => ask("DELETE", path),
  };
}

export const immutable = { prefer: 'IdType="ImmutableId"' };

export const support = "/users/support@deskhatch.test";
