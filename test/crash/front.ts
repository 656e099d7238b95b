/** What stands before several processes of one kind: it gives each connection to one that answers. */
import { connect, createServer, type Socket } from "node:net";
import { listening } from "./listening.ts";

export type Front = {
  port: number;
  /** How many processes say that they are ready. */
  ready: () => number;
  /** Resolves with the index of the process that gets the next connection. */
  next: () => Promise<number>;
  close: () => void;
};

/** `asks`: it leaves out who says at /readyz that it is not ready, as balancers do. */
export async function openFront(ports: readonly number[], { asks = false } = {}): Promise<Front> {
  let turn = 0;
  const ready = ports.map(() => !asks);
  let waiting: ((index: number) => void)[] = [];
  const open = new Set<Socket>();

  const server = createServer((client) => {
    open.add(client);
    client.once("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    passOn(client, ++turn, 2 * ports.length);
  });

  function passOn(client: Socket, index: number, tries: number) {
    if (tries === 0) return void client.destroy();
    const at = index % ports.length;
    if (!ready[at] && ready.includes(true)) return passOn(client, index + 1, tries - 1);
    const behind = connect(ports[at] ?? 0, "127.0.0.1");
    const another = () => passOn(client, index + 1, tries - 1);
    behind.once("error", another);
    behind.once("connect", () => {
      behind.off("error", another);
      behind.on("error", () => client.destroy());
      behind.once("close", () => client.destroy());
      client.once("close", () => behind.destroy());
      client.pipe(behind);
      behind.pipe(client);
      for (const tell of waiting) tell(at);
      waiting = [];
    });
  }

  const ask = async (at: number) => {
    const answer = await fetch(`http://127.0.0.1:${ports[at]}/readyz`, { headers: { connection: "close" } });
    ready[at] = answer.ok;
  };
  const asking = asks
    ? setInterval(() => ports.forEach((_, at) => void ask(at).catch(() => (ready[at] = false))), 100)
    : undefined;

  return {
    ready: () => ready.filter(Boolean).length,
    port: await listening(server),
    next: () => new Promise((tell) => waiting.push(tell)),
    close: () => {
      clearInterval(asking);
      server.close();
      for (const client of open) client.destroy();
    },
  };
}
