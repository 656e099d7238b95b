/** A desk connected to a pretend Microsoft 365 of its own: real Graph requests, real SMTP, real databases. */
import express, { type Express } from "express";
import { generate } from "selfsigned";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { deskApp, people } from "../../sandbox/world.ts";
import type { DeskContext } from "../../server/desk/context.ts";
import { openDesk, transact } from "../../server/desk/database.ts";
import { openGraph } from "../../server/desk/graph/graph.ts";
import { openDeskQueue } from "../../server/desk/jobs.ts";
import { noticeRoutes } from "../../server/desk/mail/notices.ts";
import { openReader } from "../../server/desk/mail/reading/reader.ts";
import { mailWorkers } from "../../server/desk/mail/workers.ts";
import { addMailbox } from "../../server/desk/mailboxes/add.ts";
import { answerProblems } from "../../server/platform/endpoint.ts";
import { folderStore } from "../../server/platform/storage.ts";
import { openDoor } from "../../server/release/door.ts";
import { aWorld, clientId } from "../desk/world.ts";
import { aSandbox } from "../sandbox/world.ts";

export const support = "support@deskhatch.test";

export type MailWorld = Awaited<ReturnType<typeof aMailWorld>>;

type Options = {
  /** Whether the door to the customers' room is open, as in the product. */
  door?: boolean;
  env?: Record<string, string>;
};

export async function aMailWorld({ door = false, env = {} }: Options = {}) {
  let app: Express | null = null;
  const { sandbox, smtp, as, end } = await aSandbox({ desk: (req, res) => void app?.(req, res) });
  const { private: key, cert } = await generate([{ name: "commonName", value: "desk" }], { keySize: 2048 });
  sandbox.registerApp({ clientId, certificatePem: cert });
  const world = await aWorld({
    ...(door && { openDoor: (context: DeskContext) => openDoor({ settings: context.settings, context }) }),
    env: {
      GRACE_SECONDS: "0",
      ENTRA_URL: sandbox.url,
      GRAPH_URL: sandbox.url,
      NOTIFY_URL: sandbox.addinUrl,
      ENTRA_CERTIFICATE: cert,
      ENTRA_PRIVATE_KEY: key,
      TRUSTED_AUTHSERV_IDS: "sandbox.protection.test",
      ...env,
    },
  });
  app = express().use(noticeRoutes(world.context)).use(answerProblems);
  const others: DeskContext[] = [];

  return {
    ...world,
    sandbox,
    smtp,
    /** Graph as somebody in Outlook uses it. */
    outlookOf: as,
    /** The desk's API as one of the sandbox's agents uses it, signed in with Entra. */
    signedIn: async (address: string) => {
      const person = people.find((one) => one.address === address);
      if (!person) throw new Error(`Nobody in the sandbox has the address ${address}.`);
      const wish = { person, clientId: deskApp.clientId, scopes: [deskApp.scope] };
      return world.as((await sandbox.entra.issueDelegatedToken(wish)).access_token);
    },
    /** Reads the support mailbox from now on. */
    reads: (mode: "on_conversion" | "every_mail" = "on_conversion", address = support) =>
      transact(world.desk, (tx) => addMailbox(tx, { address, name: "Support", mode })),
    /** The workers of a running desk, with webhooks. */
    works: () => mailWorkers(world.context),
    /** A second process on the same database. */
    another: async (): Promise<DeskContext> => {
      const desk = openDesk(world.rooms.desk, 4);
      const context = {
        desk,
        queue: await openDeskQueue(world.rooms.desk),
        files: folderStore(world.settings.DESK_FILES),
        graph: openGraph(world.settings, desk),
        reader: openReader(world.settings.DESK_FILES),
        settings: world.settings,
      };
      others.push(context);
      return context;
    },
    close: async () => {
      for (const { queue, graph, reader, desk } of others) {
        await queue.stop();
        await graph.close();
        await reader.close();
        await desk.$disconnect();
      }
      await world.close();
      await end();
    },
  };
}

export type Letter = {
  from?: string;
  envelopeFrom?: string;
  to?: string | string[];
  cc?: string;
  subject?: string;
  text?: string;
  messageId?: string;
  inReplyTo?: string;
  references?: string;
  headers?: Record<string, string>;
  /** When it came, for what takes hours or days. */
  at?: Date;
};

let letters = 0;

/** A mail that comes in by the tenant's front door, as Exchange would take it. Says its Message-ID. */
export async function arrives(sandbox: Sandbox, letter: Letter = {}): Promise<string> {
  const from = letter.from ?? "Alice Moreau <alice@harbourlight.test>";
  const to = [letter.to ?? support].flat();
  const messageId = letter.messageId ?? `letter-${++letters}-${process.pid}@customer.test`;
  const lines = {
    From: from,
    To: to.join(", "),
    ...(letter.cc && { Cc: letter.cc }),
    Subject: letter.subject ?? "The printer is on fire",
    "Message-ID": `<${messageId}>`,
    Date: new Date().toUTCString().replace("GMT", "+0000"),
    ...(letter.inReplyTo && { "In-Reply-To": `<${letter.inReplyTo}>` }),
    ...(letter.references && { References: letter.references }),
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    ...letter.headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}`);
  const raw = `${head.join("\r\n")}\r\n\r\n${letter.text ?? "Please help."}\r\n`;
  const sender = letter.envelopeFrom ?? /<([^>]*)>/.exec(from)?.[1] ?? from;
  await sandbox.deliver(raw, { from: sender, to, receivedAt: letter.at });
  return messageId;
}

/** Waits until something is so; the test's own time limit ends it when it never is. */
export async function until<Value>(ask: () => Promise<Value | null | undefined | false>): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (value) return value;
    await new Promise((again) => setTimeout(again, 25));
  }
}
