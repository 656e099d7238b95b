/** Finds where the customers' room and the desk's releases disagree for longer than a minute, and has it mended. */
import { transact } from "../desk/database.ts";
import { log } from "../platform/log.ts";
import type { DoorContext } from "./context.ts";

const page = 1000;

export async function sweepPortal(door: DoorContext) {
  const ticketIds = new Set([...(await unsettled(door)), ...(await strangers(door))]);
  if (ticketIds.size === 0) return;
  log.warn({ tickets: ticketIds.size }, "the portal disagreed with the desk's releases; publishing them again");
  await transact(door.desk, async (tx) => {
    for (const ticketId of ticketIds) await door.queue.enqueue(tx, "publish-ticket", { ticketId });
  });
}

/** Released but not published, retracted but not withdrawn, and tickets that are released but not there. */
async function unsettled({ desk, publisher }: DoorContext) {
  const minuteAgo = new Date(Date.now() - 60_000);
  const releases = await desk.release.findMany({
    where: {
      OR: [
        {
          publishedAt: null,
          retractedAt: null,
          publishAfter: { lt: minuteAgo },
          ticket: { portalTicket: { isNot: null } },
        },
        { retractedAt: { lt: minuteAgo }, withdrawnAt: null },
        { publishedAt: null, retractedAt: null, publishAfter: { lt: minuteAgo }, entry: { kind: "reply" } },
      ],
    },
    select: { ticketId: true },
    distinct: ["ticketId"],
    take: page,
  });
  const recent = await desk.portalTicket.findMany({
    where: { releasedAt: { lt: minuteAgo, gt: new Date(Date.now() - 24 * 60 * 60 * 1000) } },
    select: { ticketId: true },
    orderBy: { releasedAt: "desc" },
    take: page,
  });
  const there = await publisher.publishedTicket.findMany({
    where: { ticketId: { in: recent.map(({ ticketId }) => ticketId) } },
    select: { ticketId: true },
  });
  const published = new Set(there.map(({ ticketId }) => ticketId));
  return [...releases, ...recent.filter(({ ticketId }) => !published.has(ticketId))].map(({ ticketId }) => ticketId);
}

/** Entries of the portal that no living release explains, page by page through the whole room. */
async function strangers({ desk, publisher }: DoorContext) {
  const found: string[] = [];
  let last: { organizationId: string; releaseId: string } | undefined;
  for (;;) {
    const entries = await publisher.publishedEntry.findMany({
      select: { organizationId: true, releaseId: true, ticketId: true },
      orderBy: [{ organizationId: "asc" }, { releaseId: "asc" }],
      take: page,
      ...(last && { cursor: { organizationId_releaseId: last }, skip: 1 }),
    });
    const living = await desk.release.findMany({
      where: { id: { in: entries.map(({ releaseId }) => releaseId) }, retractedAt: null },
      select: { id: true },
    });
    const known = new Set(living.map(({ id }) => id));
    found.push(...entries.filter(({ releaseId }) => !known.has(releaseId)).map(({ ticketId }) => ticketId));
    const end = entries.at(-1);
    if (!end || entries.length < page) return found;
    last = { organizationId: end.organizationId, releaseId: end.releaseId };
  }
}
