import { conflict, notFound } from "../../platform/problems.ts";
import type { DeskTransaction } from "../database.ts";
import { rootOf } from "./place.ts";

/** The ticket, held until the transaction ends, so that what is decided about it stays true. */
export async function lockTicket(tx: DeskTransaction, number: number) {
  await tx.$queryRaw`select id from tickets where number = ${number} for update`;
  const ticket = await tx.ticket.findUnique({ where: { number } });
  if (!ticket) throw notFound(`Ticket #${number}`);
  return ticket;
}

/** The same, to add to it: nothing more is written on a ticket that is continued in another one. */
export async function lockToWrite(tx: DeskTransaction, number: number) {
  const ticket = await lockTicket(tx, number);
  if (ticket.mergedIntoId) throw isMerged(number, (await rootOf(tx, ticket.id)).number);
  return ticket;
}

export const isMerged = (number: number, into: number) =>
  conflict("merged", `#${number} was merged into #${into}. Do it there, or undo the merger first.`, { number: into });
