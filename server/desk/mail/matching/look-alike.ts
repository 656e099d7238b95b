/** Domains that a person mixes up: paypaI.com, rnicrosoft.com, harbour-light.test, раураl.com, paypal.com.evil.test. */
import { domainToUnicode } from "node:url";
import { registrable } from "./addresses.ts";

/** Letters of other alphabets that are drawn as one of ours, from Unicode's confusables (UTS #39), those that registries allow. */
const foreign = pairs(
  "аa вb сc ԁd еe һh нh іi ıi јj кk ӏl мm пn оo рp ԛq гr ѕs тt уy ѵv ԝw хx ьb үy ҝk",
  "αa βb εe ηn ιi κk νv οo ρp σo τt υu χx ωw γy հh ոn օo ѡw ɩi ɡg ɑa łl øo đd ħh ßb æae œoe ƒf ŋn ȷj ƅb",
);

/** Letters that two others draw, and signs that differ by a stroke. */
const drawn = pairs("mrn wvv dcl il 1l 0o 5s -");

/** "mrn": m becomes rn. */
function pairs(...lines: string[]) {
  return new Map(lines.flatMap((line) => line.split(" ")).map((pair) => [pair.slice(0, 1), pair.slice(1)]));
}

/** The same for two domains that are easily mixed up. Only compared, never shown. */
export function lookOf(domain: string): string {
  const shown = domainToUnicode(domain) || domain;
  const letters = shown
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/./gu, (letter) => foreign.get(letter) ?? letter);
  return letters.replace(/./gu, (letter) => drawn.get(letter) ?? letter);
}

/** The domains that it begins with, as in paypal.com.evil.test: what a narrow screen shows. */
export function domainsInFront(domain: string): string[] {
  const labels = domain.split(".");
  const extra = labels.length - registrable(domain).split(".").length;
  return Array.from({ length: Math.max(0, extra - 1) }, (_, at) => labels.slice(0, at + 2).join("."));
}

/** One slip away: a letter more, less, other, or two exchanged; or the same name under another ending. */
export function isNear(one: string, other: string): boolean {
  if (one === other) return false;
  const [name, otherName] = [nameOf(one), nameOf(other)];
  return name === otherName || (name.length >= 5 && otherName.length >= 5 && isOneSlip(name, otherName));
}

/** "harbourlight" of harbourlight.co.uk. */
const nameOf = (domain: string) => registrable(domain).split(".")[0] ?? "";

/** Damerau's four slips (1964), once. */
function isOneSlip(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const exchanged =
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
  return exchanged || short.slice(at + 1) === long.slice(at + 1);
}
