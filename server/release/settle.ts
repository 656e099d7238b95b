/** A reply takes effect when its grace period is over: the ticket shows in the portal, and its status follows. */
import { z } from "zod";
import { audit } from "../desk/audit.ts";
import type { Asking } from "../desk/context.ts";
import { Status } from "../desk/contract/tickets.ts";
import { type DeskTransaction, transact } from "../desk/database.ts";
import { changeTicket } from "../desk/tickets/change.ts";
import { lockWay, placeOf } from "../desk/tickets/place.ts";
import type { DoorContext } from "./context.ts";

/**
 * What a reply's entry keeps until the grace period is over. `asked`: the agent chose the status; otherwise it is the
 * usual one, and gives way when somebody changed the status meanwhile (`from`).
 */
const ThenStatus = z.object({ to: Status, from: Status, asked: z.boolean() });
const Facts = z.object({ thenStatus: ThenStatus });

export async function settleReplies({ desk, queue }: DoorContext, ticketId: string) {
  const due = {
    ticketId,
    publishedAt: null,
    retractedAt: null,
    publishAfter: { lte: new Date() },
    entry: { kind: "reply" as const },
  };
  await transact(desk, async (tx) => {
    const place = placeOf(await lockWay(tx, ticketId));
    const releases = await tx.release.findMany({
      where: due,
      select: { entryId: true, client: true, releasedBy: { select: agentFields } },
      orderBy: { releasedAt: "asc" },
    });
    for (const { entryId, client, releasedBy } of releases) {
      if (!releasedBy) continue; // replies are written by agents; a rule writes none
      const asking: Asking = { agent: releasedBy, client, ip: "" };
      await showTicket(tx, asking, ticketId, "first reply for the customer");
      const then = await takeThen(tx, entryId);
      // The ticket may have been merged while the reply waited: the matter stands there.
      const { status } = await tx.ticket.findUniqueOrThrow({ where: { id: place.id }, select: { status: true } });
      if (then && then.to !== status && (then.asked || status === then.from))
        await changeTicket(tx, queue, { ticketId: place.id, changes: { status: then.to }, actor: asking });
    }
  });
}

const agentFields = { id: true, name: true, address: true, role: true } as const;

/** Takes it off the entry, so that it takes effect once. */
async function takeThen(tx: DeskTransaction, entryId: string) {
  const { facts } = await tx.entry.findUniqueOrThrow({ where: { id: entryId }, select: { facts: true } });
  const found = Facts.safeParse(facts);
  if (!found.success) return null;
  await tx.$executeRaw`update entries set facts = facts - 'thenStatus' where id = ${entryId}::uuid`;
  return found.data.thenStatus;
}

/** The customer sees that the ticket exists. The first act that shows it is named; later ones change nothing. */
export async function showTicket(tx: DeskTransaction, asking: Asking, ticketId: string, rule: string | null) {
  const { count } = await tx.portalTicket.createMany({
    data: [{ ticketId, releasedById: asking.agent.id, rule }],
    skipDuplicates: true,
  });
  if (count === 1) await audit(tx, asking, { act: "ticket_released", ticketId, details: { because: rule } });
  return count === 1;
}
