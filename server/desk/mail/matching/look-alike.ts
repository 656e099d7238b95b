/** Domains that a person mixes up: paypaI.com, rnicrosoft.com, harbour-light.test, раураl.com, paypal.com.evil.test. */
import { domainToUnicode } from "node:url";
import { registrable } from "./addresses.ts";

/** Letters of other alphabets that are drawn as one of ours, from Unicode's confusables (UTS #39), those that registries allow. */
const foreign: Record<string, string> = {
  ...{ а: "a", с: "c", ԁ: "d", е: "e", һ: "h", і: "i", ј: "j", к: "k", ӏ: "l", м: "m", н: "h", о: "o", р: "p", ԛ: "q" },
  ...{ г: "r", ѕ: "s", т: "t", у: "y", ѵ: "v", ԝ: "w", х: "x", в: "b", п: "n", ь: "b", ү: "y", ҝ: "k", ո: "n", օ: "o" },
  ...{
    α: "a",
    β: "b",
    ε: "e",
    η: "n",
    ι: "i",
    κ: "k",
    ν: "v",
    ο: "o",
    ρ: "p",
    σ: "o",
    τ: "t",
    υ: "u",
    χ: "x",
    ω: "w",
    γ: "y",
  },
  ...{
    ı: "i",
    ɩ: "i",
    ɡ: "g",
    ɑ: "a",
    ł: "l",
    ø: "o",
    đ: "d",
    ħ: "h",
    ß: "b",
    æ: "ae",
    œ: "oe",
    ƒ: "f",
    ŋ: "n",
    ȷ: "j",
    ƅ: "b",
  },
};

/** Groups of signs that are read as one letter, and letters that differ by a stroke. In this order. */
const alike: [RegExp, string][] = [
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/cl/g, "d"],
  [/[1i!|]/g, "l"],
  [/0/g, "o"],
  [/5/g, "s"],
  [/-/g, ""],
];

/** The same for two domains that are easily mixed up. Only compared, never shown. */
export function lookOf(domain: string): string {
  const shown = domainToUnicode(domain) || domain;
  const latin = [...shown.normalize("NFD").replace(/\p{M}/gu, "")].map((letter) => foreign[letter] ?? letter).join("");
  return alike.reduce((look, [signs, letter]) => look.replace(signs, letter), latin);
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
