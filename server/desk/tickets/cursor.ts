import { z } from "zod";
import { problem } from "../../platform/problems.ts";
import { Id, Instant } from "../contract/people.ts";

/** A place in a list that is ordered by time and id: it stays right when rows are added meanwhile. */
export type Place = { at: Date; id: string };

const Written = z.tuple([Instant, Id]);

export const cursorOf = ({ at, id }: Place) => Buffer.from(`${at.toISOString()} ${id}`).toString("base64url");

export function placeOf(cursor: string): Place {
  const written = Written.safeParse(Buffer.from(cursor, "base64url").toString().split(" "));
  if (!written.success)
    throw problem(400, "invalid_cursor", "This place in the list is unknown. Start again from the first page.");
  return { at: new Date(written.data[0]), id: written.data[1] };
}
