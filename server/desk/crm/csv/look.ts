import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { CrmTrouble } from "../source.ts";

export type Look = {
  /** Names the content: another file, or the same with other words, has another one. */
  sha256: string;
  encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
  delimiter: "," | ";" | "\t";
};

/** Reads a file once, to see how it is written, before anything of it is believed. */
export async function lookAt(file: string): Promise<Look> {
  const hash = createHash("sha256");
  const head: Buffer[] = [];
  let headSize = 0;
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let isUtf8 = true;
  for await (const chunk of readable(file)) {
    hash.update(chunk);
    if (headSize < headWanted) head.push(chunk);
    headSize += chunk.length;
    isUtf8 &&= decodes(utf8, chunk);
  }
  isUtf8 &&= decodes(utf8);
  const start = Buffer.concat(head);
  const encoding = encodingOf(start, isUtf8);
  return { sha256: hexOf(hash), encoding, delimiter: delimiterOf(new TextDecoder(encoding).decode(start)) };
}

const headWanted = 64 * 1024;
const hexOf = (hash: Hash) => hash.digest("hex");

async function* readable(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file);
  } catch (cause) {
    throw new CrmTrouble("lasting", `${file} cannot be read. Check its path and that Deskhatch may read it.`, {
      cause,
    });
  }
}

function decodes(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** A byte order mark decides; without one, zeros in every other byte mean UTF-16, and what is no UTF-8 is Excel's of old. */
function encodingOf(start: Buffer, isUtf8: boolean): Look["encoding"] {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  for (const [at, byte] of start.subarray(0, 1000).entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) > start.subarray(0, 1000).length / 4) return odd > even ? "utf-16le" : "utf-16be";
  return isUtf8 ? "utf-8" : "windows-1252";
}

/** The sign that parts the first line, outside of quotes. Excel may name it: `sep=;`. */
function delimiterOf(text: string): Look["delimiter"] {
  const named = /^\uFEFF?sep=([,;\t])\r?\n/i.exec(text)?.[1];
  if (isDelimiter(named)) return named;
  const counts: Record<Look["delimiter"], number> = { ",": 0, ";": 0, "\t": 0 };
  let quoted = false;
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === "\n" || sign === "\r")) break;
    else if (!quoted && isDelimiter(sign)) counts[sign]++;
  }
  if (counts["\t"] > 0 && counts["\t"] >= counts[";"] && counts["\t"] >= counts[","]) return "\t";
  return counts[";"] > counts[","] ? ";" : ",";
}

const isDelimiter = (sign: string | undefined): sign is Look["delimiter"] =>
  sign === "," || sign === ";" || sign === "\t";
