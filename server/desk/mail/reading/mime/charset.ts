import { isAscii, isUtf8 } from "node:buffer";
import { analyse } from "chardet";
import iconv from "iconv-lite";
import { decodeUtf7, looksLikeUtf7 } from "./utf7.ts";

export type Decoded = { text: string; charset: string; guessed: boolean };

/** Labels that name an encoding under another name than iconv-lite and the WHATWG know. Keys without separators. */
const ALIASES: Record<string, string> = {
  usascii: "us-ascii",
  ascii: "us-ascii",
  ansix341968: "us-ascii",
  "646": "us-ascii",
  unicode11utf7: "utf-7",
  unicode20utf7: "utf-7",
  xunicode20utf7: "utf-7",
  unicode11utf8: "utf-8",
  uft8: "utf-8",
  utf8mb4: "utf-8",
  iso88598i: "iso-8859-8",
  iso88598e: "iso-8859-8",
  iso88596i: "iso-8859-6",
  iso88596e: "iso-8859-6",
  ksc56011987: "euc-kr",
  ksc56011989: "euc-kr",
  ksc5601: "euc-kr",
  korean: "euc-kr",
  cp949: "euc-kr",
  uhc: "euc-kr",
  xsjis: "shift_jis",
  sjis: "shift_jis",
  mskanji: "shift_jis",
  windows31j: "shift_jis",
  cp932: "shift_jis",
  xeucjp: "euc-jp",
  cp50220: "iso-2022-jp",
  cp50221: "iso-2022-jp",
  cp50222: "iso-2022-jp",
  iso2022jp: "iso-2022-jp",
  iso2022jp1: "iso-2022-jp",
  iso2022jp2: "iso-2022-jp",
  iso2022jpms: "iso-2022-jp",
  csiso2022jp: "iso-2022-jp",
  iso2022kr: "iso-2022-kr",
  hzgb2312: "hz-gb-2312",
  gb2312: "gb18030",
  gbk: "gb18030",
  xgbk: "gb18030",
  cp936: "gb18030",
  // Windows reads these as its own superset, and so does every mail client (WHATWG Encoding, 4.2).
  iso88591: "windows-1252",
  latin1: "windows-1252",
  cp819: "windows-1252",
  iso88599: "windows-1254",
  iso885911: "windows-874",
  tis620: "windows-874",
};

/** The platform has these, reads them faster, and knows one that iconv-lite lacks. */
const BY_PLATFORM = new Set(["iso-2022-jp", "shift_jis", "euc-jp", "euc-kr", "gb18030", "big5"]);

/** The encoding a label means, or null when nobody knows it. */
export function knownCharset(label: string | null | undefined): string | null {
  if (!label) return null;
  const plain = label
    .trim()
    .toLowerCase()
    .replace(/^["'_]+|["'_]+$/g, "")
    .replace(/^cs(?=iso)/, "");
  const key = plain.replace(/[^a-z0-9]/g, "");
  const name = ALIASES[key] ?? plain;
  if (["us-ascii", "utf-7", "iso-2022-kr", "hz-gb-2312"].includes(name) || BY_PLATFORM.has(name)) return name;
  if (/^(base64|hex|binary)$/.test(key)) return null; // iconv-lite's own "encodings", no charsets
  if (iconv.encodingExists(name)) return name;
  const withoutPrefix = key.replace(/^x(?=[a-z])/, "");
  return iconv.encodingExists(withoutPrefix) ? withoutPrefix : null;
}

/** Words from bytes: by the declared charset where it fits them, else by what the bytes look like. */
export function decodeText(bytes: Uint8Array, declared: string | null): Decoded {
  const buffer = asBuffer(bytes);
  const marked = byOrderMark(buffer);
  if (marked) return { text: decodeAs(buffer, marked), charset: marked, guessed: false };

  const charset = knownCharset(declared);
  if (charset === null || charset === "us-ascii") return decodeUndeclared(buffer, charset);
  if (charset === "utf-8" || charset === "utf8") return decodeDeclaredUtf8(buffer);
  if (isSingleByteWestern(charset) && isClearlyUtf8(buffer))
    return { text: buffer.toString("utf8"), charset: "utf-8", guessed: true };
  return { text: decodeAs(buffer, charset), charset, guessed: false };
}

/** Decodes with an encoding that `knownCharset` gave. */
export function decodeAs(bytes: Uint8Array, charset: string): string {
  const buffer = asBuffer(bytes);
  switch (charset) {
    case "us-ascii":
      return isUtf8(buffer) ? buffer.toString("utf8") : iconv.decode(buffer, "windows-1252");
    case "utf-8":
      return buffer.toString("utf8");
    case "utf-7":
      return decodeUtf7(buffer.toString("latin1"));
    case "iso-2022-kr":
      return decodeIso2022Kr(buffer);
    case "hz-gb-2312":
      return decodeHz(buffer);
  }
  return BY_PLATFORM.has(charset) ? new TextDecoder(charset).decode(buffer) : iconv.decode(buffer, charset);
}

function decodeUndeclared(buffer: Buffer, charset: string | null): Decoded {
  if (hasEscapeTo2022Jp(buffer))
    return { text: decodeAs(buffer, "iso-2022-jp"), charset: "iso-2022-jp", guessed: true };
  if (isAscii(buffer)) {
    const text = buffer.toString("latin1");
    if (charset === null && looksLikeUtf7(text)) return { text: decodeUtf7(text), charset: "utf-7", guessed: true };
    return { text, charset: "us-ascii", guessed: false };
  }
  if (isUtf8(buffer)) return { text: buffer.toString("utf8"), charset: "utf-8", guessed: true };
  const guess = guessLegacy(buffer);
  return { text: decodeAs(buffer, guess), charset: guess, guessed: true };
}

/** Declared UTF-8 that is not: a few broken characters stay broken, but another charset altogether is recognised. */
function decodeDeclaredUtf8(buffer: Buffer): Decoded {
  if (isUtf8(buffer)) return { text: buffer.toString("utf8"), charset: "utf-8", guessed: false };
  const text = buffer.toString("utf8");
  const broken = count(text, "\ufffd");
  const whole = (text.match(/[\u0080-\ufffc]/g) ?? []).length;
  if (whole > broken) return { text, charset: "utf-8", guessed: false };
  const guess = guessLegacy(buffer);
  return { text: decodeAs(buffer, guess), charset: guess, guessed: true };
}

/** chardet reads n-grams; below this confidence its answer is chance, and Western Europe is the likelier one. */
const CONFIDENT = 30;
const GUESSABLE = /^(windows-125\d|iso-8859-\d+|koi8-r|shift_jis|euc-jp|euc-kr|big5|gb18030)$/i;

function guessLegacy(buffer: Buffer): string {
  const [best] = analyse(buffer.subarray(0, 32_768)).filter((match) => GUESSABLE.test(match.name));
  return (best && best.confidence >= CONFIDENT && knownCharset(best.name)) || "windows-1252";
}

function byOrderMark(buffer: Buffer): string | null {
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) return "utf-8";
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return "utf-16le";
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return "utf-16be";
  return null;
}

const isSingleByteWestern = (charset: string) => charset === "windows-1252" || charset === "iso-8859-15";

/** Text in windows-1252 hardly ever happens to be valid UTF-8 beyond ASCII. */
const isClearlyUtf8 = (buffer: Buffer) => !isAscii(buffer) && isUtf8(buffer);

/** ESC $ B, ESC $ @ or ESC ( J: RFC 1468. */
function hasEscapeTo2022Jp(buffer: Buffer): boolean {
  const shift = buffer.indexOf("\u001b$");
  return shift >= 0 && (buffer[shift + 2] === 0x42 || buffer[shift + 2] === 0x40);
}

/** RFC 1557: after SO (0x0e) pairs of KS C 5601 without their high bits, until SI (0x0f). */
function decodeIso2022Kr(buffer: Buffer): string {
  const bytes: number[] = [];
  let shifted = false;
  for (let i = 0; i < buffer.length; i++) {
    const byte = buffer[i] ?? 0;
    if (byte === 0x1b && buffer.toString("latin1", i + 1, i + 4) === "$)C") i += 3;
    else if (byte === 0x0e) shifted = true;
    else if (byte === 0x0f) shifted = false;
    else bytes.push(shifted && byte > 0x20 ? byte | 0x80 : byte);
  }
  return new TextDecoder("euc-kr").decode(Buffer.from(bytes));
}

/** RFC 1843: `~{` to GB 2312 without high bits, `~}` back, `~~` a tilde. */
function decodeHz(buffer: Buffer): string {
  const bytes: number[] = [];
  let shifted = false;
  for (let i = 0; i < buffer.length; i++) {
    const byte = buffer[i] ?? 0;
    const next = buffer[i + 1];
    if (byte === 0x7e && (next === 0x7b || next === 0x7d)) {
      shifted = next === 0x7b;
      i++;
    } else if (byte === 0x7e && (next === 0x7e || next === 0x0a)) {
      if (next === 0x7e) bytes.push(byte);
      i++;
    } else bytes.push(shifted && byte > 0x20 ? byte | 0x80 : byte);
  }
  return new TextDecoder("gb18030").decode(Buffer.from(bytes));
}

const count = (text: string, sign: string) => text.split(sign).length - 1;
const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
