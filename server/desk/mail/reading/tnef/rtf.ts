import { decodeAs, knownCharset } from "../mime/charset.ts";

/** What an RTF body says: the HTML it was made from (MS-OXRTFEX), or its words. */
export type RtfBody = { html: string } | { text: string };

/** Groups that hold no words of the body. */
const SILENT = new Set([
  "fonttbl",
  "colortbl",
  "stylesheet",
  "info",
  "pict",
  "object",
  "themedata",
  "datastore",
  "listtable",
  "listoverridetable",
  "rsidtbl",
  "generator",
  "xmlnstbl",
  "header",
  "footer",
  "latentstyles",
  "mmathPr",
]);
const SIGNS: Record<string, string> = {
  par: "\n",
  line: "\n",
  tab: "\t",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
  endash: "–",
  emdash: "—",
  "~": "\u00a0",
  "{": "{",
  "}": "}",
  "\\": "\\",
  _: "-",
  row: "\n",
  cell: "\t",
};
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/gi;

type Group = { silent: boolean; htmlRtf: boolean; htmlTag: boolean; skipAfterUnicode: number };

export function readRtf(rtf: string): RtfBody {
  const fromHtml = /\\fromhtml1?\b/.test(rtf.slice(0, 4_000));
  const codepage = /\\ansicpg(\d{3,5})/.exec(rtf.slice(0, 4_000))?.[1];
  const words = readGroups(rtf, fromHtml, knownCharset(`cp${codepage}`) ?? "windows-1252");
  return fromHtml ? { html: words } : { text: words.trim() };
}

/** One pass. In RTF made from HTML, tags stand in `{\*\htmltag …}`, and what was added for RTF between `\htmlrtf` and `\htmlrtf0`. */
function readGroups(rtf: string, fromHtml: boolean, charset: string): string {
  const out: string[] = [];
  const stack: Group[] = [];
  let group: Group = { silent: false, htmlRtf: false, htmlTag: false, skipAfterUnicode: 1 };
  let pending: number[] = [];
  let skip = 0;
  let star = false;
  const visible = () => !group.silent && !(fromHtml && group.htmlRtf);
  const flush = () => {
    if (pending.length) out.push(decodeAs(Buffer.from(pending), charset));
    pending = [];
  };
  const put = (text: string) => {
    flush();
    if (visible()) out.push(text);
  };
  for (const [, word, number, hex, sign, brace, text] of rtf.matchAll(TOKEN)) {
    if (brace === "{") stack.push({ ...group });
    else if (brace === "}") group = stack.pop() ?? group;
    else if (hex) {
      if (skip > 0) skip--;
      else if (visible()) pending.push(Number.parseInt(hex, 16));
    } else if (sign === "*") {
      star = true;
      continue;
    } else if (sign) put(SIGNS[sign] ?? "");
    else if (text) {
      put(text.slice(Math.min(skip, text.length)));
      skip = Math.max(0, skip - text.length);
    } else if (word === "u") {
      put(String.fromCharCode(Number(number ?? 63) & 0xffff));
      skip = group.skipAfterUnicode;
    } else if (word === "uc") group.skipAfterUnicode = Number(number ?? 1);
    else if (word === "htmlrtf") group.htmlRtf = number !== "0";
    else if (word === "htmltag") group = { ...group, htmlTag: true, silent: false };
    else if (word && (SILENT.has(word) || (star && word !== "htmltag"))) group.silent = true;
    else if (word && SIGNS[word] !== undefined)
      put(fromHtml && (word === "par" || word === "line") ? "\r\n" : (SIGNS[word] ?? ""));
    star = false;
  }
  flush();
  return out.join("");
}
