import { notFound } from "../../platform/problems.ts";
import type { DeskTransaction } from "../database.ts";

/** The ticket, held until the transaction ends, so that what is decided about it stays true. */
export async function lockTicket(tx: DeskTransaction, number: number) {
  await tx.$queryRaw`select id from tickets where number = ${number} for update`;
  const ticket = await tx.ticket.findUnique({ where: { number } });
  if (!ticket) throw notFound(`Ticket #${number}`);
  return ticket;
}
