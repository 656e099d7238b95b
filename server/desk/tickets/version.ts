import type { Request } from "express";
import { problem } from "../../platform/problems.ts";
import type { DeskTransaction } from "../database.ts";
import { changedSince } from "./changed-since.ts";

/** The version in `If-Match: "7"` (RFC 9110, 13.1.1), which a change names so that it overwrites nothing unseen. */
export function versionAsked(req: Request): number | null {
  const header = req.headers["if-match"];
  if (header === undefined) return null;
  const [, version] = /^(?:W\/)?"(\d{1,9})"$/.exec(header) ?? [];
  if (!version)
    throw problem(
      400,
      "invalid_version",
      'If-Match holds the version of the ticket you saw, in quotes: If-Match: "7".',
    );
  return Number(version);
}

/** Refuses what was decided about another version of the ticket than the one that is locked. */
export async function checkVersion(
  tx: DeskTransaction,
  ticket: { id: string; number: number; version: number },
  seen: number | null,
) {
  if (seen === null)
    throw problem(428, "version_needed", 'Say which version of the ticket you saw: If-Match: "<version>".');
  if (ticket.version !== seen) throw await changedSince(tx, ticket, seen);
}
