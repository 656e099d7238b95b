/** A wish to send on its way: who holds it, how it moves on, and how it ends without a mail. */
import { randomUUID } from "node:crypto";
import { log } from "../../platform/log.ts";
import { oursForSeconds } from "../../platform/still-at-it.ts";
import { audit } from "../audit.ts";
import type { DeskContext } from "../context.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { LockedOut } from "../graph/trouble.ts";
import { notArrived } from "./bounces.ts";
import { OutgoingMail } from "./intend.ts";
import { escapeHtml } from "./reading/html/escape.ts";

export type LeasedSending = Awaited<ReturnType<typeof findSending>> & { lease: string; mail: OutgoingMail };

/** Null when there is nothing (more) to do. Throws when somebody else is at it. */
export async function lease({ desk }: DeskContext, sendingId: string): Promise<LeasedSending | null> {
  const mine = randomUUID();
  const taken = await transact(
    desk,
    (tx) => tx.$queryRaw<{ id: string }[]>`
      update sendings set lease = ${mine}::uuid, leased_until = now() + make_interval(secs => ${oursForSeconds}), attempts = attempts + 1
      where id = ${sendingId}::uuid and state in ('waiting', 'drafted', 'sending') and send_after <= now()
        and (leased_until is null or leased_until < now())
      returning id`,
  );
  if (taken.length === 1) {
    const sending = await findSending({ desk }, sendingId);
    return { ...sending, lease: mine, mail: OutgoingMail.parse(sending.mail) };
  }
  const sending = await desk.sending.findUnique({ where: { id: sendingId }, select: { state: true } });
  if (!sending || ["sent", "taken_back", "failed"].includes(sending.state)) return null;
  throw new Error("Another process is sending this mail, or its time has not come. We look again.");
}

function findSending({ desk }: Pick<DeskContext, "desk">, id: string) {
  return desk.sending.findUniqueOrThrow({
    where: { id },
    include: {
      mailbox: { select: { address: true, name: true } },
      ticket: { select: { id: true, number: true, threadKey: true } },
    },
  });
}

/** Moves the wish on, if it is still ours to move. */
export async function step(
  tx: DeskTransaction,
  { id, lease }: LeasedSending,
  data: Parameters<DeskTransaction["sending"]["updateMany"]>[0]["data"],
) {
  const { count } = await tx.sending.updateMany({
    where: { id, lease, state: { in: ["waiting", "drafted", "sending"] } },
    data,
  });
  if (count === 0) throw new Error("The wish to send was taken back, or somebody else took it over.");
}

/** Moves it on in a transaction of its own. */
export const move = ({ desk }: Pick<DeskContext, "desk">, sending: LeasedSending, data: Parameters<typeof step>[2]) =>
  transact(desk, (tx) => step(tx, sending, data));

export const keepLease = (context: Pick<DeskContext, "desk">, sending: LeasedSending) =>
  move(context, sending, { leasedUntil: new Date(Date.now() + oursForSeconds * 1000) });

/** Lets go of it, so that the next attempt need not wait for the lease to run out. */
export async function letGo({ desk }: DeskContext, { id, lease }: LeasedSending, error: unknown) {
  const lastError = error instanceof Error ? error.message : String(error);
  await transact(desk, (tx) => tx.sending.updateMany({ where: { id, lease }, data: { leasedUntil: null, lastError } }));
}

/** The mailbox is closed to us, which is no fault of this mail: it waits, however long it takes, and no attempt counts. */
export async function waitUntilOpen(
  { desk, queue }: DeskContext,
  { id, lease, attempts }: LeasedSending,
  { message, retryAt }: LockedOut,
) {
  const after = retryAt ?? new Date();
  await transact(desk, async (tx) => {
    const data = { leasedUntil: after, lastError: message, attempts: attempts - 1 };
    const { count } = await tx.sending.updateMany({ where: { id, lease }, data });
    if (count > 0) await queue.enqueue(tx, "send-mail", { sendingId: id }, { after });
  });
}

/** Nothing more is tried; the agents are told on the ticket. */
export async function giveUp(
  { desk, queue }: DeskContext,
  sending: Pick<LeasedSending, "id" | "ticketId" | "kind">,
  sentence: string,
) {
  log.error({ sendingId: sending.id, kind: sending.kind, alarm: "mail_not_sent" }, "a mail was not sent");
  await transact(desk, async (tx) => {
    const { count } = await tx.sending.updateMany({
      where: { id: sending.id, state: { in: ["waiting", "drafted", "sending"] } },
      data: { state: "failed", lastError: sentence, leasedUntil: null },
    });
    if (count === 0) return;
    if (sending.ticketId)
      await tx.entry.create({
        data: {
          ticketId: sending.ticketId,
          kind: "system",
          html: `<p>${escapeHtml(sentence)}</p>`,
          facts: { mail: "not_sent", sendingId: sending.id },
        },
        select: { id: true },
      });
    if (sending.ticketId)
      await notArrived(tx, queue, { ticketId: sending.ticketId, at: new Date(), rule: "a mail was not sent" });
    await audit(
      tx,
      { rule: "mail out" },
      {
        act: "mail_not_sent",
        subject: sending.id,
        ...(sending.ticketId && { ticketId: sending.ticketId }),
      },
    );
  });
}
