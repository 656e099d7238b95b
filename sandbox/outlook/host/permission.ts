import type { AddIn } from "./manifest.ts";

/**
 * The manifest's permission as Office.js expects it on the wire.
 * Its two highest numbers are the other way round than their rank: ReadWriteMailbox is 2, ReadWriteItem 3.
 */
export const permissionLevel = {
  Restricted: 0,
  ReadItem: 1,
  ReadWriteMailbox: 2,
  ReadWriteItem: 3,
} as const satisfies Record<AddIn["permission"], number>;

/** Weakest first. */
const rank: AddIn["permission"][] = ["Restricted", "ReadItem", "ReadWriteItem", "ReadWriteMailbox"];

export function permits(held: AddIn["permission"], needed: AddIn["permission"]): boolean {
  return rank.indexOf(held) >= rank.indexOf(needed);
}
