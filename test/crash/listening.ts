import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Listens on a port that the system chooses, and says which. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return address && typeof address === "object" ? address.port : 0;
}

/** A port that was free a moment ago: a process that is killed has to come back on its own. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listening(probe);
  await new Promise((closed) => probe.close(closed));
  return port;
}
