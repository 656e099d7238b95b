import { decodeAs, decodeText, knownCharset } from "./charset.ts";
import { unfold } from "./headers.ts";
import { decodeWords } from "./words.ts";

/** `text/plain; charset=utf-8`: a value in lower case and its parameters. */
export type Structured = { value: string; parameters: Map<string, string> };

/** Reads Content-Type and Content-Disposition with RFC 2231 and what is written instead of it. */
export function readStructured(raw: string | null): Structured {
  if (raw === null) return { value: "", parameters: new Map() };
  const [first = "", ...rest] = splitAtSemicolons(unfoldBytes(raw));
  const value = stripComments(first).trim().toLowerCase().replace(/\s+/g, "");
  const pairs = rest.slice(0, MAX_PARAMETERS).flatMap(asPair);
  if (value.includes("=") && !value.includes("/")) pairs.unshift(...asPair(first)); // a header that begins with its parameters
  return { value, parameters: joinContinuations(pairs) };
}

/** Long names need dozens of pieces, nothing needs more. */
const MAX_PARAMETERS = 500;

type Pair = [name: string, value: string];

const unfoldBytes = (raw: string) => raw.replace(/\r?\n(?=[ \t])/g, "");

/** Splits outside quotes; a quote that never closes ends at the line's end. */
function splitAtSemicolons(text: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] ?? "";
    if (quoted && sign === "\\") piece += sign + (text[++i] ?? "");
    else if (sign === ";" && !quoted) {
      pieces.push(piece);
      piece = "";
    } else {
      if (sign === '"') quoted = !quoted;
      piece += sign;
    }
  }
  return [...pieces, piece];
}

const stripComments = (text: string) => text.replace(/\([^()]*\)/g, " ");

function asPair(piece: string): Pair[] {
  const equals = piece.indexOf("=");
  if (equals < 0) return [];
  const name = stripComments(piece.slice(0, equals)).trim().toLowerCase();
  const value = piece.slice(equals + 1).trim();
  return name ? [[name, unquote(value)]] : [];
}

function unquote(value: string): string {
  if (!value.startsWith('"'))
    return value
      .trimEnd()
      .replace(/\s{0,20}\([^()]{0,200}\)$/, "")
      .replace(/^'(.*)'$/, "$1")
      .trim();
  const close = /^"((?:[^"\\]|\\.)*)"/s.exec(value);
  const inner = close?.[1] ?? value.slice(1);
  return inner.replace(/\\(["\\])/g, "$1");
}

/** `name*0*=utf-8''a; name*1=b` becomes `name` (RFC 2231, 3 and 4). */
function joinContinuations(pairs: Pair[]): Map<string, string> {
  const plain = new Map<string, string>();
  const pieces = new Map<string, { index: number; encoded: boolean; value: string }[]>();
  for (const [key, value] of pairs) {
    const [, name, index, star] = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(key) ?? [];
    if (!name) continue;
    if (index === undefined && star === undefined) {
      if (!plain.has(name)) plain.set(name, readableValue(value));
    } else
      pieces.set(name, [
        ...(pieces.get(name) ?? []),
        { index: Number(index ?? 0), encoded: star !== undefined, value },
      ]);
  }
  for (const [name, parts] of pieces) plain.set(name, decodeExtended(parts.sort((a, b) => a.index - b.index)));
  return plain;
}

function decodeExtended(parts: { encoded: boolean; value: string }[]): string {
  const [, charset = null, rest] = (parts[0]?.encoded && /^([^']*)'[^']*'(.*)$/s.exec(parts[0].value)) || [];
  const bytes = parts.map(({ encoded, value }, i) => {
    const text = i === 0 && rest !== undefined ? rest : value;
    return encoded
      ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : text;
  });
  const joined = bytes.join("");
  if (charset === null) return readableValue(joined);
  const known = knownCharset(charset);
  const buffer = Buffer.from(joined, "latin1");
  return known ? decodeAs(buffer, known) : decodeText(buffer, null).text;
}

/** RFC 2047 words do not belong in parameters, yet most senders put them there. */
const readableValue = (value: string) => decodeWords(unfold(value)).replace(/\s*\n\s*/g, " ");
