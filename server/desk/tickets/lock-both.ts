import type { Ticket } from "../../../prisma/generated/desk/client.ts";
import { notFound } from "../../platform/problems.ts";
import type { DeskTransaction } from "../database.ts";
import { rootOf } from "./place.ts";

/**
 * Two tickets, always locked in the same order: the first, and the place of the second (`into`, or what the first was
 * merged into). Mergers lead from one place to another, so whoever holds both knows that no circle closes meanwhile.
 */
export async function lockBoth(tx: DeskTransaction, number: number, into?: number): Promise<[Ticket, Ticket]> {
  const first = await idOf(tx, number);
  const second = await otherOf(tx, first, into);
  await tx.$queryRaw`select id from tickets where id = any(${[first, second]}::uuid[]) order by id for update`;
  // While we waited, the second may have been merged on, or the first merged or parted.
  if ((await otherOf(tx, first, into)) !== second) return lockBoth(tx, number, into);
  const read = (id: string) => tx.ticket.findUniqueOrThrow({ where: { id } });
  return [await read(first), await read(second)];
}

async function otherOf(tx: DeskTransaction, first: string, into: number | undefined): Promise<string> {
  if (into !== undefined) return (await rootOf(tx, await idOf(tx, into))).id;
  const { mergedIntoId } = await tx.ticket.findUniqueOrThrow({ where: { id: first }, select: { mergedIntoId: true } });
  return mergedIntoId ?? first;
}

async function idOf(tx: DeskTransaction, number: number): Promise<string> {
  const ticket = await tx.ticket.findUnique({ where: { number }, select: { id: true } });
  if (!ticket) throw notFound(`Ticket #${number}`);
  return ticket.id;
}
