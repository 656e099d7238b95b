/**
 * The wire between the desk and PostgreSQL. It can be cut when a change is committed and the answer that says so is on
 * its way: whoever asked does not know whether it happened.
 */
import { connect, createServer, type Socket } from "node:net";
import { listening } from "./listening.ts";

export type Wire = {
  /** The same database, by way of this wire. */
  by: (url: string) => string;
  /** From now on the answer to the `nth` change that is committed is lost, together with its connection. */
  cutAt: (nth: number) => void;
  /** Whether it was cut since then; if not, there were fewer changes. */
  wasCut: () => boolean;
  /** Nothing is cut any more. */
  mend: () => void;
  close: () => void;
};

export async function openWire(port: number): Promise<Wire> {
  let left = 0;
  let cut = false;
  /** Connections end in order, or are reset as by a firewall: in turn. */
  let turn = 0;
  const open = new Set<Socket>();

  const server = createServer((desk) => {
    const database = connect(port, "127.0.0.1");
    for (const end of [desk, database]) {
      open.add(end);
      end.setNoDelay(true);
      end.on("error", () => end.destroy());
      end.once("close", () => {
        open.delete(end);
        desk.destroy();
        database.destroy();
      });
    }
    const answers = readAnswers();
    desk.pipe(database);
    database.on("data", (bytes) => {
      for (const { answer, committed } of answers(bytes)) {
        if (committed && left > 0 && --left === 0) {
          cut = true;
          return void (turn++ % 2 ? desk.destroy() : desk.resetAndDestroy());
        }
        desk.write(answer);
      }
    });
  });

  const own = await listening(server);
  return {
    by: (url) => Object.assign(new URL(url), { port: String(own) }).href,
    cutAt: (nth) => {
      left = nth;
      cut = false;
    },
    wasCut: () => cut,
    mend: () => {
      left = 0;
    },
    close: () => {
      server.close();
      for (const end of open) end.destroy();
    },
  };
}

type Answer = { answer: Buffer; committed: boolean };

/**
 * PostgreSQL's messages: a letter, the length, the content (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 * A change is committed when C tells of COMMIT, or of a change outside of a transaction, and Z (ready) says that none is open.
 * C and what follows it are handed on with Z.
 */
function readAnswers() {
  let rest = Buffer.alloc(0);
  let done: Buffer[] = [];
  let changed = false;
  let idle = true;

  return function* (bytes: Buffer): Generator<Answer> {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = 1 + rest.readInt32BE(1);
      const message = rest.subarray(0, end);
      rest = rest.subarray(end);
      const kind = String.fromCharCode(message[0] ?? 0);
      if (kind === "C")
        changed ||= (idle ? /^(COMMIT|INSERT|UPDATE|DELETE)/ : /^COMMIT/).test(message.toString("latin1", 5));
      if (kind === "C" || done.length > 0) done.push(message);
      else if (kind !== "Z") yield { answer: message, committed: false };
      if (kind !== "Z") continue;
      idle = message[5] === "I".charCodeAt(0);
      yield { answer: Buffer.concat(done.length > 0 ? done : [message]), committed: changed && idle };
      done = [];
      changed = false;
    }
  };
}
