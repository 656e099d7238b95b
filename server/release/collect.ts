/**
 * Carries what customers wrote in the portal into the desk's intake, as if it were mail that arrived.
 * Safe to run twice: the transaction that takes an act in records it under a unique key.
 */
import { ActKind } from "../../portal/contract.ts";
import type { Prisma } from "../../prisma/generated/portal/client.ts";
import { type DeskTransaction, transact } from "../desk/database.ts";
import { fileCustomerWords } from "../desk/mail/file.ts";
import { findAuthor, homeOf } from "../desk/mail/home.ts";
import { openTicket } from "../desk/tickets/open.ts";
import { lockWay } from "../desk/tickets/place.ts";
import { log } from "../platform/log.ts";
import { publishAtOnce } from "./at-once.ts";
import type { DoorContext } from "./context.ts";
import { copy } from "./files.ts";
import { changePortal } from "./publisher.ts";

const actFields = {
  organizationId: true,
  actId: true,
  contactId: true,
  ticketId: true,
  kind: true,
  subject: true,
  text: true,
  at: true,
  files: { select: { name: true, type: true, size: true, sha256: true }, orderBy: { position: "asc" } },
} satisfies Prisma.CustomerActSelect;

type WaitingAct = Prisma.CustomerActGetPayload<{ select: typeof actFields }>;
type Act = Omit<WaitingAct, "kind"> & { kind: ActKind };

/** One way to take in each kind of act; it answers the ticket on which the act stands. */
const handlers: Record<ActKind, (door: DoorContext, tx: DeskTransaction, act: Act) => Promise<string | null>> = {
  message: onHisTicket(fileWords),
  new_ticket: async (door, tx, act) => {
    const ticketId = await open(door, tx, act);
    return ticketId && fileWords(door, tx, act, ticketId);
  },
  close: onHisTicket(close),
};

const page = 200;

/** Every act that waits, oldest first; one that cannot be taken in keeps none of the others waiting. */
export async function collect(door: DoorContext) {
  await collectEvents(door);
  const failed: string[] = [];
  for (let last: WaitingAct | undefined; ; ) {
    const waiting = await door.publisher.customerAct.findMany({
      where: { collectedAt: null, ...(last && after(last)) },
      select: actFields,
      orderBy: [{ at: "asc" }, { actId: "asc" }],
      take: page,
    });
    for (const act of waiting) if (!(await takenIn(door, act))) failed.push(act.actId);
    last = waiting.at(-1);
    if (waiting.length < page) break;
  }
  if (failed.length) throw new Error(`${failed.length} acts of customers could not be taken in.`);
}

const after = ({ at, actId }: WaitingAct) => ({ OR: [{ at: { gt: at } }, { at, actId: { gt: actId } }] });

async function takenIn(door: DoorContext, act: WaitingAct): Promise<boolean> {
  try {
    await takeIn(door, known(act));
    return true;
  } catch (error) {
    const facts = { err: error, actId: act.actId, alarm: "customer_act_waits" };
    log.error(facts, "a customer's act could not be taken in; it will be tried again");
    return false;
  }
}

/** A newer portal may write kinds that this desk does not know yet: they wait for the desk's update. */
function known(act: WaitingAct): Act {
  const kind = ActKind.safeParse(act.kind);
  if (kind.success) return { ...act, kind: kind.data };
  throw new Error(`The portal wrote an act of the kind "${act.kind}", which this desk does not know. Update the desk.`);
}

async function takeIn(door: DoorContext, act: Act) {
  for (const { sha256 } of act.files) await copy(door.portalFiles, door.files, sha256);
  const ticketId = await transact(door.desk, async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${act.actId}, 0))`;
    return (await takenInBefore(tx, act)) ?? (await does(door, tx, await byWhomHeIsNow(tx, act)));
  });
  // Publishing marks it collected in the same moment in which its entry shows; what remains shows no entry.
  if (ticketId) await publishAtOnce(door, ticketId);
  await markCollected(door, act, ticketId);
}

const onceKeyOf = ({ actId }: Act) => `customer-act:${actId}`;

async function takenInBefore(tx: DeskTransaction, act: Act) {
  const record = await tx.auditRecord.findUnique({
    where: { onceKey: onceKeyOf(act) },
    select: { ticketId: true },
  });
  return record && (record.ticketId ?? "");
}

/** Answers the ticket that it concerns; empty when it concerns none that is there. */
async function does(door: DoorContext, tx: DeskTransaction, act: Act): Promise<string> {
  const ticketId = await handlers[act.kind](door, tx, act);
  await remember(tx, act, ticketId ? `customer_${act.kind}` : "customer_act_refused", ticketId);
  return ticketId ?? "";
}

/** Between writing and being collected, a contact may turn out to be another one. What he wrote is that one's. */
async function byWhomHeIsNow(tx: DeskTransaction, act: Act): Promise<Act> {
  const contact = await tx.contact.findUnique({
    where: { id: act.contactId },
    select: { organizationId: true, mergedInto: { select: { id: true, organizationId: true } } },
  });
  const { mergedInto } = contact ?? {};
  if (!contact || !mergedInto) return act;
  const wasAtHome = contact.organizationId === (await standingOrganization(tx, act.organizationId));
  return {
    ...act,
    contactId: mergedInto.id,
    organizationId: wasAtHome ? mergedInto.organizationId : act.organizationId,
  };
}

async function standingOrganization(tx: DeskTransaction, id: string) {
  const organization = await tx.organization.findUnique({ where: { id }, select: { mergedIntoId: true } });
  return organization?.mergedIntoId ?? id;
}

/** A ticket of his own. Null when he no longer belongs to the organization in whose portal he wrote. */
async function open(door: DoorContext, tx: DeskTransaction, act: Act): Promise<string | null> {
  const contact = await tx.contact.findUnique({
    where: { id: act.contactId },
    select: { name: true, organizationId: true },
  });
  if (contact?.organizationId !== (await standingOrganization(tx, act.organizationId))) return null;
  const { id } = await openTicket(tx, door.queue, {
    messageId: null,
    requesterId: act.contactId,
    subject: act.subject,
    team: null,
    priority: "normal",
    attachmentIds: "all",
    mailboxId: null,
    channel: "portal",
    actor: { rule: "a customer opened it in the portal" },
    because: [`${contact.name} opened it in the portal`],
  });
  return id;
}

/** The portal has checked who may; the desk does not take its word for it. */
function onHisTicket(take: (door: DoorContext, tx: DeskTransaction, act: Act, ticketId: string) => Promise<string>) {
  return async (door: DoorContext, tx: DeskTransaction, act: Act) => {
    const ticketId = await hisTicket(tx, act);
    return ticketId && take(door, tx, act, ticketId);
  };
}

async function hisTicket(tx: DeskTransaction, { ticketId, contactId }: Act) {
  if (!ticketId) return null;
  const ticket = await tx.ticket.findFirst({
    where: {
      id: ticketId,
      portalTicket: { isNot: null },
      OR: [{ requesterId: contactId }, { participants: { some: { contactId } } }],
    },
    select: { id: true },
  });
  return ticket?.id ?? null;
}

/** Where the ticket is continued, when it was merged: that is where his words stand. */
async function fileWords(door: DoorContext, tx: DeskTransaction, act: Act, ticketId: string) {
  const { contactId, text, files, at, actId } = act;
  const words = { ticketId, contactId, text, files, at, onceKey: actId, kind: "portal_message" as const };
  return (await fileCustomerWords(tx, door.queue, words)).ticketId;
}

/** A closure is the contact's own act and stands in the timeline under the contact's name. */
async function close(door: DoorContext, tx: DeskTransaction, { contactId, at }: Act, ticketId: string) {
  const way = await lockWay(tx, ticketId);
  // Of merged tickets the nearest one that is his: he closes no ticket of other people.
  const { id, status } = homeOf(way, await findAuthor(tx, contactId, way));
  if (status === "closed" || status === "cancelled") return id;
  const now = new Date();
  await tx.ticket.update({
    where: { id },
    data: { status: "closed", closedAt: now, updatedAt: now, version: { increment: 1 }, categoriesDueAt: now },
    select: { id: true },
  });
  await tx.entry.create({
    data: { ticketId: id, kind: "status_change", contactId, at, facts: { from: status, to: "closed" } },
    select: { id: true },
  });
  await door.queue.enqueue(tx, "publish-ticket", { ticketId: id }, { key: id });
  return id;
}

const remember = (tx: DeskTransaction, taken: Act, act: string, ticketId: string | null) =>
  tx.auditRecord.create({
    data: {
      ...{ act, contactId: taken.contactId, ticketId, subject: taken.actId, client: "portal" },
      onceKey: onceKeyOf(taken),
    },
    select: { id: true },
  });

const markCollected = ({ publisher }: DoorContext, { organizationId, actId }: Act, ticketId: string) =>
  changePortal(publisher, (tx) =>
    tx.customerAct.updateMany({
      where: { organizationId, actId, collectedAt: null },
      data: { collectedAt: new Date(), becameTicketId: ticketId || null },
    }),
  );

/** Sign-ins, link openings and refusals: into the desk's audit log, each once. */
async function collectEvents({ desk, publisher }: DoorContext) {
  const events = await publisher.portalEvent.findMany({
    where: { collectedAt: null },
    orderBy: { eventId: "asc" },
    take: 1000,
  });
  if (events.length === 0) return;
  await transact(desk, async (tx) => {
    await tx.auditRecord.createMany({
      data: events.map(({ eventId, act, contactId, ticketId, ip, at }) => ({
        ...{ act: `portal_${act}`, contactId, ticketId, ip, at, client: "portal" },
        subject: `portal-event:${eventId}`,
        // With its time: a portal's database that was restored counts its events anew.
        onceKey: `portal-event:${eventId}:${at.getTime()}`,
      })),
      skipDuplicates: true,
    });
    const signedIn = events.flatMap(({ act, contactId }) => (act === "signed_in" && contactId ? [contactId] : []));
    await tx.contact.updateMany({ where: { id: { in: signedIn } }, data: { signedInAt: new Date() } });
  });
  await changePortal(publisher, (tx) =>
    tx.portalEvent.updateMany({
      where: { eventId: { in: events.map(({ eventId }) => eventId) } },
      data: { collectedAt: new Date() },
    }),
  );
}
