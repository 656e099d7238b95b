import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Express } from "express";

export type Listening = { port: number; close: () => Promise<void> };

type Options = {
  host?: string;
  /** How long whoever distributes requests may need to see that we are not ready any more. */
  drainSeconds?: number;
};

/** So long a request under way may take until its connection is cut. */
const finishWithin = 15_000;

/**
 * Listens until `close`. Then /readyz says no and answers end their connections, while requests are still taken; after
 * the time to drain none are, and those under way finish.
 */
export function listen(
  app: Express,
  port: number,
  { host = "127.0.0.1", drainSeconds = 0 }: Options = {},
): Promise<Listening> {
  let closing = false;
  const server = createServer((req, res) => {
    if (closing) res.setHeader("Connection", "close");
    if (closing && req.url === "/readyz") notReady(req, res);
    else app(req, res);
  });
  // Longer than the idle time of the usual proxies, so that they and not we close first.
  server.keepAliveTimeout = 75_000;
  return new Promise((ready, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => failed(explain(error, port)));
    server.listen(port, host, () => {
      const { port: actual } = server.address() as AddressInfo;
      const close = async () => {
        closing = true;
        await wait(drainSeconds * 1000);
        await end(server);
      };
      ready({ port: actual, close });
    });
  });
}

const notReady = (_req: IncomingMessage, res: ServerResponse) =>
  res.writeHead(503, { "Content-Type": "text/plain" }).end("stopping\n");

function explain(error: NodeJS.ErrnoException, port: number) {
  if (error.code === "EADDRINUSE")
    return new Error(`Port ${port} is taken by another program. End it, or choose another port in the settings.`);
  if (error.code === "EACCES") return new Error(`This account may not open port ${port}. Choose one above 1023.`);
  return error;
}

function end(server: Server) {
  return new Promise<void>((closed) => {
    const impatient = setTimeout(() => server.closeAllConnections(), finishWithin);
    server.close(() => {
      clearTimeout(impatient);
      closed();
    });
    server.closeIdleConnections();
  });
}
