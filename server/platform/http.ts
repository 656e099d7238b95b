import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";

export type Listening = { port: number; close: () => Promise<void> };

/** Listens until `close`, which lets requests under way finish (5 s at most) and ends idle connections. */
export function listen(app: Express, port: number, host = "127.0.0.1"): Promise<Listening> {
  const server = createServer(app);
  // Longer than the idle time of the usual proxies, so that they and not we close first.
  server.keepAliveTimeout = 75_000;
  return new Promise((ready, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => failed(explain(error, port)));
    server.listen(port, host, () => {
      const { port: actual } = server.address() as AddressInfo;
      ready({ port: actual, close: () => close(server) });
    });
  });
}

function explain(error: NodeJS.ErrnoException, port: number) {
  if (error.code === "EADDRINUSE")
    return new Error(`Port ${port} is taken by another program. End it, or choose another port in the settings.`);
  if (error.code === "EACCES") return new Error(`This account may not open port ${port}. Choose one above 1023.`);
  return error;
}

function close(server: Server) {
  return new Promise<void>((closed) => {
    const impatient = setTimeout(() => server.closeAllConnections(), 5000);
    server.close(() => {
      clearTimeout(impatient);
      closed();
    });
    server.closeIdleConnections();
  });
}
