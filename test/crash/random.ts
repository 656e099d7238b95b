import { createHash } from "node:crypto";

export type Random = {
  below: (limit: number) => number;
  chance: (probability: number) => boolean;
  /** Of a list that has something in it. */
  pick: <Thing>(things: readonly Thing[]) => Thing;
};

/** Choices that the same names always make again (mulberry32: small, and the same on every machine). */
export function randomFrom(...names: (string | number)[]): Random {
  let state = createHash("sha256").update(names.join(" ")).digest().readUInt32BE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (things) => {
      const at = below(things.length);
      if (at >= things.length) throw new Error("There is nothing to choose from.");
      return things[at] as (typeof things)[number];
    },
  };
}
