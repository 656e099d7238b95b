/**
 * A desk of its own for a test file: fresh databases in the worker's PostgreSQL, the real API on a free port,
 * and builders that take only what the test is about.
 */
import { spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express from "express";
import pg from "pg";
import { z } from "zod";
import { createContact } from "../../server/desk/contacts/create.ts";
import type { Asking, DeskContext } from "../../server/desk/context.ts";
import { openDesk, transact } from "../../server/desk/database.ts";
import type { Door } from "../../server/desk/door.ts";
import { openGraph } from "../../server/desk/graph/graph.ts";
import { openDeskQueue } from "../../server/desk/jobs.ts";
import { openReader } from "../../server/desk/mail/reading/reader.ts";
import { deskRoutes } from "../../server/desk/routes.ts";
import { type NewTicket, openTicket } from "../../server/desk/tickets/open.ts";
import { deskSettings } from "../../server/platform/config.ts";
import { openRooms } from "../../server/platform/database/rooms.ts";
import { endpoint } from "../../server/platform/endpoint.ts";
import { listen } from "../../server/platform/http.ts";
import { problem } from "../../server/platform/problems.ts";
import { folderStore } from "../../server/platform/storage.ts";
import { type Person, startEntra } from "./entra.ts";

export const tenantId = "6d2f8a34-6c1e-4b5a-9f0e-5a3d1c7b9e10";
export const clientId = "0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1";

export type World = Awaited<ReturnType<typeof aWorld>>;

type Options = {
  /** The verbs of the door; a closed one, unless the test is about it. */
  openDoor?: (context: DeskContext) => Promise<{ verbs: Door; close: () => Promise<void> }>;
  env?: Record<string, string>;
};

/** Call it once in a file, and `close` it in `afterAll`. */
export async function aWorld({ openDoor = closedDoor, env = {} }: Options = {}) {
  const rooms = await freshRooms();
  const folder = await mkdtemp(join(tmpdir(), "deskhatch-world-"));
  const entra = await startEntra(tenantId, clientId);
  const settings = deskSettings({ ...environment(rooms, folder, entra.url), ...env });
  const desk = openDesk(rooms.desk, 8);
  const queue = await openDeskQueue(rooms.desk);
  const context: DeskContext = {
    desk,
    queue,
    files: folderStore(settings.DESK_FILES),
    graph: openGraph(settings, desk),
    reader: openReader(settings.DESK_FILES),
    settings,
  };
  const door = await openDoor(context);
  const app = express().disable("x-powered-by").use("/api", deskRoutes(context, door.verbs));
  const listening = await listen(app, 0);
  const url = `http://127.0.0.1:${listening.port}`;

  /** Signed in as this agent; or with a token of the test's own, or (null) with none. */
  const as = (who: Agent | string | null) => {
    const token = async () => (who === null || typeof who === "string" ? who : entra.token(personOf(who)));
    const ask =
      (method: string) =>
      async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
        const bearer = await token();
        const answer = await fetch(`${url}${path}`, {
          method,
          headers: {
            ...(bearer !== null && { Authorization: `Bearer ${bearer}` }),
            ...(body !== undefined && { "Content-Type": "application/json" }),
            ...headers,
          },
          ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        });
        const text = await answer.text();
        const isJson = /json/.test(answer.headers.get("content-type") ?? "");
        return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : null };
      };
    return { get: ask("GET"), post: ask("POST"), patch: ask("PATCH"), put: ask("PUT"), delete: ask("DELETE") };
  };

  return {
    ...context,
    context,
    rooms,
    entra,
    url,
    as,
    ...builders(context),
    close: async () => {
      await listening.close();
      await door.close();
      await queue.stop();
      await context.graph.close();
      await context.reader.close();
      await desk.$disconnect();
      await entra.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what the API answered; the test says what it expects.
export type Answer = { status: number; headers: Headers; text: string; body: any };

export type Agent = Asking["agent"] & { objectId: string };

const personOf = ({ objectId, name, address, role }: Agent): Person => ({
  tid: tenantId,
  oid: objectId,
  name,
  preferred_username: address,
  roles: [role],
});

/** What a keyword of a test becomes in the database. */
function builders(context: DeskContext) {
  const { desk, queue } = context;
  let made = 0;
  const next = () => ++made;

  const anAgent = async (wish: Partial<Pick<Agent, "name" | "address" | "role">> = {}): Promise<Agent> => {
    const n = next();
    const data = {
      name: wish.name ?? `Agent ${n}`,
      address: wish.address ?? `agent${n}@deskhatch.test`,
      role: wish.role ?? "agent",
      objectId: randomUUID(),
      tenantId,
    };
    const select = { id: true, name: true, address: true, role: true, objectId: true } as const;
    return desk.agent.create({ data, select });
  };

  const asking = (agent: Agent): Asking => ({ agent, client: "test", ip: "127.0.0.1" });

  const anOrganization = (
    wish: { name?: string; portalScope?: "all" | "none" | "only_new" | "from_date"; portalScopeFrom?: Date } = {},
  ) => desk.organization.create({ data: { name: `Organization ${next()}`, ...wish } });

  const aContact = async (wish: { name?: string; address?: string; organizationId?: string } = {}) => {
    const n = next();
    const address = wish.address ?? `contact${n}@customer${n}.test`;
    const name = wish.name ?? `Contact ${n}`;
    const { id, organizationId } = await transact(desk, (tx) => createContact(tx, { ...wish, name, address }));
    return { id, organizationId, name, address };
  };

  const aMailbox = async (wish: { address?: string; mode?: "on_conversion" | "every_mail"; team?: string } = {}) =>
    desk.mailbox.create({
      data: { address: `mailbox${next()}@deskhatch.test`, name: "Support", clientState: randomUUID(), ...wish },
    });

  /** A mail as `receive` keeps it, from this contact or from a stranger. */
  const aKeptMail = async (wish: KeptMail = {}) => {
    const n = next();
    const mailboxId = wish.mailboxId === undefined ? (await aMailbox()).id : wish.mailboxId;
    const {
      from,
      files = [],
      match = {},
      details = {},
      html = "<p>Good morning</p>",
      error: _,
      verdict,
      ...rest
    } = wish;
    const heldAs = { immutableId: `immutable-${n}`, fromAddress: from?.address ?? `stranger${n}@outsider.test` };
    const contact = from && "id" in from ? from : null;
    return desk.message.create({
      data: {
        immutableId: `immutable-${n}`,
        internetMessageId: `${randomUUID()}@customer.test`,
        fingerprint: randomBytes(32).toString("hex"),
        subject: `Mail ${n}`,
        fromName: from?.name ?? "A stranger",
        fromAddress: from?.address ?? `stranger${n}@outsider.test`,
        recipients: { to: [], cc: [], replyTo: [] },
        receivedAt: new Date(),
        text: "Good morning",
        visibleText: "Good morning",
        quotedText: "",
        html,
        visibleHtml: html,
        quotedHtml: "",
        authentication: { spf: "pass", dkim: "pass", dmarc: "pass", verdict: verdict ?? "pass" },
        match: {
          contactId: contact?.id ?? null,
          organizationId: contact?.organizationId ?? null,
          ticketId: null,
          because: contact ? ["the address is this contact's"] : [],
          suggestions: { contacts: [], tickets: [] },
          heldBecause: null,
          ...match,
        },
        details,
        rawSha256: "0".repeat(64),
        rawSize: 0,
        ...rest,
        mailboxId,
        ...(wish.heldBecause && mailboxId && { held: { create: { mailboxId, ...heldAs, error: wish.error ?? null } } }),
        attachments: {
          create: await Promise.all(
            files.map(async ({ name, content = name, inline = false }, position) => {
              const { sha256, size } = await context.files.keep(Buffer.from(content));
              return { name, type: "application/octet-stream", size, sha256, inline, position };
            }),
          ),
        },
      },
      include: { attachments: { orderBy: { position: "asc" } } },
    });
  };

  const aTicket = async (wish: Partial<NewTicket> & { by?: Agent } = {}) => {
    const { by, ...rest } = wish;
    const requesterId = wish.requesterId ?? (await aContact()).id;
    const actor = by ? asking(by) : { rule: "a test needs a ticket" };
    const ticket: NewTicket = {
      messageId: null,
      subject: `Ticket ${next()}`,
      team: null,
      priority: "normal",
      attachmentIds: [],
      mailboxId: null,
      channel: "email",
      because: ["a test says so"],
      actor,
      ...rest,
      requesterId,
    };
    return transact(desk, (tx) => openTicket(tx, queue, ticket));
  };

  return { anAgent, asking, anOrganization, aContact, aMailbox, aKeptMail, aTicket };
}

type KeptMail = {
  mailboxId?: string | null;
  from?: { id: string; organizationId: string; name: string; address: string } | { name: string; address: string };
  subject?: string;
  html?: string;
  internetMessageId?: string;
  immutableId?: string;
  /** It waits in the tray, for this reason; `error`: because it could not be processed. */
  heldBecause?: string;
  error?: string;
  verdict?: "pass" | "fail" | "none";
  files?: { name: string; content?: string; inline?: boolean }[];
  match?: Record<string, unknown>;
  details?: { forward?: { from: { name: string; address: string }; because: string } };
};

// ---------------------------------------------------------------- databases

const Cluster = z.object({ port: z.number(), superuser: z.string() });

/** The worker's PostgreSQL: started by the first file that needs it, ended after all of them (after-all.ts). */
function cluster() {
  const folder = join(process.env.DESKHATCH_TEST_FOLDER ?? "", `worker-${process.env.JEST_WORKER_ID}`);
  const address = join(folder, "address.json");
  if (!existsSync(address)) {
    const script = fileURLToPath(new URL("./cluster.ts", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
    if (status !== 0) throw new Error(`The tests' PostgreSQL did not start: ${stderr}`);
  }
  return { folder, ...Cluster.parse(JSON.parse(readFileSync(address, "utf8"))), pid: 0, stop: async () => {} };
}

/** Two databases of its own, copied from the migrated templates. */
export async function freshRooms() {
  const postgres = cluster();
  const name = createHash("sha256").update(randomUUID()).digest("hex").slice(0, 12);
  const names = { desk: `desk_${name}`, portal: `portal_${name}` };
  const client = new pg.Client({ connectionString: postgres.superuser });
  await client.connect();
  try {
    await client.query(`create database ${names.desk} template desk owner desk`);
    await client.query(`create database ${names.portal} template portal owner publisher`);
  } finally {
    await client.end();
  }
  return openRooms(postgres, postgres.folder, names);
}

function environment(rooms: { desk: string; publisher: string }, folder: string, entraUrl: string): NodeJS.ProcessEnv {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    DESKHATCH_DATA: folder,
    DESK_URL: "https://desk.example.test",
    PORTAL_URL: "https://portal.example.test",
    DATABASE_URL_DESK: rooms.desk,
    DATABASE_URL_PUBLISHER: rooms.publisher,
    DESK_SECRET: randomBytes(32).toString("hex"),
    ENTRA_URL: entraUrl,
    ENTRA_TENANT_ID: tenantId,
    ENTRA_CLIENT_ID: clientId,
    ENTRA_PRIVATE_KEY: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    ENTRA_CERTIFICATE: "-----BEGIN CERTIFICATE-----\nThese tests ask nothing of Graph.\n-----END CERTIFICATE-----\n",
  };
}

/** For tests that are not about the door: every one of its verbs says that it is closed. */
export async function closedDoor(): Promise<{ verbs: Door; close: () => Promise<void> }> {
  const shut = endpoint({
    summary: "The door is closed in this test.",
    input: z.looseObject({}),
    output: z.never(),
    run: async () => {
      throw problem(503, "door_closed", "The door is closed in this test.");
    },
  });
  const verbs = {
    writeReply: shut,
    writeNewMail: shut,
    takeBackReply: shut,
    releaseEntry: shut,
    retractEntry: shut,
    previewRelease: shut,
    customerView: shut,
    releaseTicket: shut,
    inviteContact: shut,
    takeOntoTicket: shut,
    leaveOutOfTicket: shut,
  };
  return { verbs, close: async () => {} };
}
