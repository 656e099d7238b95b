import { randomBytes } from "node:crypto";
import type { DeskTransaction } from "../database.ts";

export type NewMailbox = {
  address: string;
  name: string;
  mode: "on_conversion" | "every_mail";
  team?: string | null;
};

/** Begins to read a mailbox. The next sync takes everything in its Inbox; the next renewal subscribes to it. */
export async function addMailbox(
  tx: DeskTransaction,
  { address, name, mode, team }: NewMailbox,
): Promise<{ id: string }> {
  return tx.mailbox.upsert({
    where: { address: address.toLowerCase() },
    update: { name, mode, team: team ?? null },
    // 256 bits of base64url: 43 of the 128 characters that Graph allows for a clientState.
    create: {
      address: address.toLowerCase(),
      name,
      mode,
      team: team ?? null,
      clientState: randomBytes(32).toString("base64url"),
    },
    select: { id: true },
  });
}
