import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "../../prisma/generated/desk/client.ts";

declare const insideTransaction: unique symbol;

/** The desk's tables, for reading. */
export type Desk = PrismaClient;

/** The desk's tables, for writing. Only `transact` hands one out, so every write is in a transaction. */
export type DeskTransaction = Prisma.TransactionClient & { readonly [insideTransaction]: true };

/** `url`: the address of the role `desk`. `connections`: the pool's size. */
export function openDesk(url: string, connections = 12): Desk {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: connections }) });
}

/** Runs `work` in one transaction: all of it happens, or nothing. Never call another machine inside. */
export function transact<Result>(desk: Desk, work: (tx: DeskTransaction) => Promise<Result>): Promise<Result> {
  return desk.$transaction((tx) => work(tx as DeskTransaction), { timeout: 15_000, maxWait: 10_000 });
}
