/** The customers' room with people in it: two fresh databases in one PostgreSQL for each test process, and the portal over HTTP. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../../prisma/generated/portal/client.ts";
import type { PortalSettings } from "../../server/platform/config.ts";
import { type EmbeddedPostgres, startPostgres } from "../../server/platform/database/embedded.ts";
import { migrate } from "../../server/platform/database/migrate.ts";
import { type Addresses, openRooms } from "../../server/platform/database/rooms.ts";
import { listen } from "../../server/platform/http.ts";
import { folderStore } from "../../server/platform/storage.ts";
import { portalApp, portalContext } from "../../server/portal/app.ts";

let cluster: Promise<{ postgres: EmbeddedPostgres; folder: string }> | undefined;

async function sharedCluster() {
  cluster ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), "deskhatch-portal-"));
    return { postgres: await startPostgres(folder), folder };
  })();
  return cluster;
}

export type PortalWorld = Awaited<ReturnType<typeof aPortal>>;

/** A portal that nobody knows yet. `end` closes it, and the PostgreSQL with it. */
export async function aPortal(changes: Partial<PortalSettings> = {}) {
  const { postgres, folder } = await sharedCluster();
  const name = randomBytes(4).toString("hex");
  const rooms: Addresses = await openRooms(postgres, folder, { desk: `desk_${name}`, portal: `portal_${name}` });
  await migrate("portal", rooms.publisher);
  const publisher = new PrismaClient({ adapter: new PrismaPg({ connectionString: rooms.publisher }) });

  const settings: PortalSettings = {
    DESKHATCH_DATA: folder,
    PORTAL_HOST: "127.0.0.1",
    PORTAL_PORT: 0,
    DRAIN_SECONDS: 0,
    PORTAL_URL: "http://127.0.0.1",
    DATABASE_URL_PORTAL: rooms.portal,
    PORTAL_SECRET: "a secret of the tests, long enough to be one",
    PORTAL_FILES: join(folder, name),
    PORTAL_TRUSTED_PROXIES: undefined,
    ...changes,
  };
  const context = portalContext(settings);
  const listening = await listen(portalApp(context), 0);
  const { port } = listening;
  let closed: Promise<void> | undefined;
  /** Closes this portal only; the PostgreSQL goes on for others. */
  const close = () => {
    closed ??= listening
      .close()
      .then(context.close)
      .then(() => publisher.$disconnect());
    return closed;
  };

  return {
    rooms,
    publisher,
    context,
    settings,
    port,
    url: `http://127.0.0.1:${port}`,
    files: folderStore(settings.PORTAL_FILES),
    close,
    end: async () => {
      await close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
      cluster = undefined;
    },
  };
}

// ---------------------------------------------------------------- what the door would have published

export type Known = { organizationId: string; contactId: string; name: string; address: string };

/** An organization with one customer who may sign in. Give `organizationId` to make a colleague. */
export async function aCustomer(
  { publisher }: Pick<PortalWorld, "publisher">,
  facts: {
    name?: string;
    address?: string;
    organizationId?: string;
    language?: string | null;
    timeZone?: string;
    statusLabels?: object;
  } = {},
): Promise<Known> {
  const organizationId = facts.organizationId ?? randomUUID();
  const contactId = randomUUID();
  const name = facts.name ?? "Alice Moreau";
  const address = facts.address ?? `${name.split(" ")[0]?.toLowerCase()}.${contactId.slice(0, 6)}@harbourlight.test`;
  if (!facts.organizationId)
    await publisher.portalOrganization.create({
      data: {
        organizationId,
        name: "Harbourlight",
        timeZone: facts.timeZone ?? "Europe/Berlin",
        statusLabels: facts.statusLabels ?? {},
      },
    });
  await publisher.customer.create({ data: { organizationId, contactId, name, language: facts.language ?? null } });
  await publisher.customerAddress.create({ data: { address, organizationId, contactId, primary: true } });
  return { organizationId, contactId, name, address };
}

type TicketFacts = {
  subject?: string;
  status?: string;
  number?: number;
  open?: boolean;
  updatedAt?: Date;
  participants?: Known[];
};
let lastNumber = 1000;

/** A ticket that was released to its requester. */
export async function aTicketOf(
  { publisher }: Pick<PortalWorld, "publisher">,
  customer: Known,
  facts: TicketFacts = {},
) {
  const { organizationId, contactId } = customer;
  const ticketId = randomUUID();
  lastNumber += 1;
  const number = facts.number ?? lastNumber;
  const open = facts.open ?? true;
  const updatedAt = facts.updatedAt ?? new Date("2026-11-20T10:00:00Z");
  await publisher.publishedTicket.create({
    data: {
      organizationId,
      ticketId,
      number,
      subject: facts.subject ?? "The invoice of October is missing",
      status: facts.status ?? (open ? "in_progress" : "closed"),
      requesterId: contactId,
      requesterName: customer.name,
      createdAt: new Date("2026-11-19T08:00:00Z"),
      updatedAt,
      closedAt: open ? null : updatedAt,
    },
  });
  for (const { contactId } of [customer, ...(facts.participants ?? [])])
    await publisher.ticketAccess.create({ data: { organizationId, contactId, ticketId, open, updatedAt } });
  return { organizationId, ticketId, number };
}

type Published = { organizationId: string; ticketId: string };

/** Words that were released on a ticket. */
export async function aRelease(
  { publisher }: Pick<PortalWorld, "publisher">,
  { organizationId, ticketId }: Published,
  facts: { html?: string; text?: string; side?: "team" | "customer"; authorName?: string; at?: Date } = {},
) {
  const releaseId = randomUUID();
  const text = facts.text ?? "We have sent it again.";
  await publisher.publishedEntry.create({
    data: {
      organizationId,
      releaseId,
      ticketId,
      kind: "reply",
      side: facts.side ?? "team",
      authorName: facts.authorName ?? "Anna Albrecht",
      html: facts.html ?? `<p>${text}</p>`,
      text,
      at: facts.at ?? new Date("2026-11-20T10:00:00Z"),
    },
  });
  return { organizationId, ticketId, releaseId };
}

/** A file that was released with an entry. */
export async function aReleasedFile(
  { publisher, files }: Pick<PortalWorld, "publisher" | "files">,
  release: Published & { releaseId: string },
  facts: { name?: string; type?: string; content?: string | Buffer; contentId?: string } = {},
) {
  const fileId = randomBytes(16).toString("base64url");
  const { sha256, size } = await files.keep(Buffer.from(facts.content ?? "October: 120.00 EUR"));
  await publisher.publishedFile.create({
    data: {
      ...release,
      fileId,
      attachmentId: randomUUID(),
      name: facts.name ?? "invoice.txt",
      type: facts.type ?? "text/plain",
      size,
      sha256,
      contentId: facts.contentId ?? null,
    },
  });
  return fileId;
}

/** A secure link to a ticket. */
export async function aLinkTo(
  { publisher }: Pick<PortalWorld, "publisher">,
  { organizationId, ticketId }: Published,
  { contactId }: Known,
  facts: { expiresAt?: Date; revokedAt?: Date } = {},
) {
  const secret = randomBytes(24).toString("base64url");
  const linkId = randomUUID();
  await publisher.portalSecureLink.create({
    data: {
      linkId,
      secretHash: createHash("sha256").update(secret).digest("hex"),
      organizationId,
      ticketId,
      contactId,
      expiresAt: facts.expiresAt ?? new Date(Date.now() + 24 * 60 * 60 * 1000),
      revokedAt: facts.revokedAt ?? null,
    },
  });
  return { secret, linkId };
}

// ---------------------------------------------------------------- a browser without a window

export type Visitor = ReturnType<typeof aVisitor>;

/** Somebody with a browser that keeps cookies by path and follows nothing by itself. */
export function aVisitor(portal: Pick<PortalWorld, "url" | "publisher">) {
  const jar = new Map<string, { value: string; path: string }>();

  async function ask(path: string, init: RequestInit = {}) {
    const cookies = [...jar]
      .filter(([, { path: scope }]) => path.startsWith(scope))
      .map(([name, { value }]) => `${name}=${value}`);
    const res = await fetch(`${portal.url}${path}`, {
      ...init,
      redirect: "manual",
      headers: {
        "sec-fetch-site": "same-origin",
        cookie: cookies.join("; "),
        ...(init.headers as Record<string, string>),
      },
    });
    for (const line of res.headers.getSetCookie()) keep(line);
    const bytes = Buffer.from(await res.arrayBuffer());
    return {
      status: res.status,
      headers: res.headers,
      location: res.headers.get("location"),
      text: bytes.toString(),
      bytes,
    };
  }

  function keep(line: string) {
    const [pair = "", ...attributes] = line.split("; ");
    const equals = pair.indexOf("=");
    const path = attributes.find((attribute) => attribute.startsWith("Path="))?.slice(5) ?? "/";
    const name = pair.slice(0, equals);
    if (/expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
    else jar.set(name, { value: pair.slice(equals + 1), path });
  }

  const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });

  return {
    cookies: jar,
    ask,
    get: (path: string, headers: Record<string, string> = {}) => ask(path, { headers }),
    json: async (path: string) => {
      const answer = await ask(path, { headers: { accept: "application/json" } });
      return { status: answer.status, body: JSON.parse(answer.text) };
    },
    post: (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      ask(path, { ...form(fields), headers }),
    /** Sends a form with files, as the pages do. */
    send: (path: string, fields: Record<string, string>, files: File[] = [], more: [string, string][] = []) => {
      const body = new FormData();
      for (const [name, value] of [...Object.entries(fields), ...more]) body.append(name, value);
      for (const file of files) body.append("files", file);
      return ask(path, { method: "POST", body });
    },
    signIn: async (address: string) => {
      await ask("/sign-in", form({ address }));
      return ask("/sign-in/code", form({ code: await newestCode(portal, address) }));
    },
  };
}

/** The code in the newest mail to an address. */
export async function newestCode({ publisher }: Pick<PortalWorld, "publisher">, address: string) {
  const mail = await publisher.portalMail.findFirstOrThrow({ where: { address }, orderBy: { createdAt: "desc" } });
  const { code } = mail.facts as { code: string };
  return code;
}

/** A browser in which this customer has signed in. */
export async function aSignedIn(portal: Pick<PortalWorld, "url" | "publisher">, { address }: Known) {
  const visitor = aVisitor(portal);
  await visitor.signIn(address);
  return visitor;
}

/** The hidden once key of the form that a page shows. */
export const onceKeyIn = (html: string) => /name="onceKey" value="([^"]+)"/.exec(html)?.[1] ?? "";
