import sanitizeHtml from "sanitize-html";
import { escapeHtml } from "./html/escape.ts";
import { hiddenNames, isHidden } from "./html/hidden.ts";
import { layOut, wordsOf } from "./html/lay-out.ts";
import { asQuoteMark, quoteMarkOf } from "./html/quote-marks.ts";
import { safeStyle } from "./safe-style.ts";

export { escapeHtml };

const TAGS =
  "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split(
    " ",
  );

const SHAPE = [
  "align",
  "valign",
  "width",
  "height",
  "bgcolor",
  "border",
  "cellpadding",
  "cellspacing",
  "dir",
  "lang",
  "title",
  "style",
];

const ATTRIBUTES: Record<string, string[]> = {
  "*": [...SHAPE, "data-quote"],
  a: ["href", "target", "rel"],
  img: ["src", "alt", "data-remote-src"],
  font: ["color", "face", "size"],
  td: ["colspan", "rowspan"],
  th: ["colspan", "rowspan", "scope"],
  col: ["span"],
  colgroup: ["span"],
  ol: ["start", "type", "reversed"],
  ul: ["type"],
  li: ["value", "type"],
  time: ["datetime"],
  details: ["open"],
};

/**
 * HTML that can do nothing: no script, no form, no load from elsewhere, no style that leaves its place, no names.
 * For mail that arrives and for what agents write. Remote images wait in `data-remote-src`; images of the mail stay `cid:…`.
 * `hidden`: what becomes of elements that nobody can see.
 */
export function safeHtml(html: string, hidden: "stays" | "goes" = "stays"): string {
  if (isTooMuch(html)) return textToHtml(html.replace(/<[^<>]*>?/g, " "));
  return sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: hidden === "goes" ? { ...ATTRIBUTES, "*": [...(ATTRIBUTES["*"] ?? []), HIDDEN] } : ATTRIBUTES,
    allowedSchemes: ["http", "https", "mailto", "tel"],
    allowedSchemesByTag: { img: ["cid", "data"] },
    allowProtocolRelative: false,
    nonTextTags: [
      "script",
      "style",
      "textarea",
      "option",
      "noscript",
      "title",
      "xml",
      "template",
      "noembed",
      "noframes",
      "iframe",
      "object",
      "svg",
    ],
    parseStyleAttributes: false,
    transformTags: { "*": hidden === "goes" ? markHidden(hiddenNames(html)) : safeTag },
    ...(hidden === "goes" && { exclusiveFilter: ({ attribs }) => attribs[HIDDEN] !== undefined }),
    nestingLimit: 250,
  }).replaceAll("\0", "");
}

/** The parser's effort grows with the square of what is open at once; real mail closes what it opens. */
const MAX_OPEN = 5_000;
const MAX_TAGS = 200_000;
const NESTING_TAG = /<(\/?)(?!(?:br|img|hr|meta|link|input|col|p|li|td|th|tr)\b)([a-z][a-z0-9:-]{0,30})/gi;

/** HTML made to keep a server busy is shown as its words. */
function isTooMuch(html: string): boolean {
  const open = new Map<string, number>();
  let deep = 0;
  let tags = 0;
  for (const [, closes, name = ""] of html.matchAll(NESTING_TAG)) {
    const key = name.toLowerCase();
    const count = open.get(key) ?? 0;
    if (closes && count === 0) continue;
    open.set(key, count + (closes ? -1 : 1));
    deep += closes ? -1 : 1;
    if (deep > MAX_OPEN || ++tags > MAX_TAGS) return true;
  }
  return false;
}

const HIDDEN = "data-hidden";

/** What nobody sees is marked while its own style and class are at hand, and then goes with everything in it. */
const markHidden = (names: ReadonlySet<string>) => (tagName: string, attribs: sanitizeHtml.Attributes) => {
  const { [HIDDEN]: _claimed, ...own } = attribs;
  const safe = safeTag(tagName, own);
  return isHidden(own, names) ? { ...safe, attribs: { ...safe.attribs, [HIDDEN]: "" } } : safe;
};

function safeTag(tagName: string, attribs: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const { "data-quote": marked, ...safe } = attribs;
  const mark = quoteMarkOf(tagName, attribs) ?? asQuoteMark(marked);
  if (mark) safe["data-quote"] = mark;
  if (safe.style !== undefined) safe.style = safeStyle(safe.style);
  if (!safe.style) delete safe.style;
  if (tagName === "a") return { tagName, attribs: safeLink(safe) };
  if (tagName === "img") return { tagName, attribs: safeImage(safe) };
  return { tagName, attribs: safe };
}

/** Opened apart from us, and without telling where from. */
function safeLink({ href, target: _target, rel: _rel, ...rest }: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  const address = href?.replace(/[\p{Cc} ]+/gu, "") ?? "";
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(address)) return rest;
  return { href: href?.trim() ?? "", target: "_blank", rel: "noopener noreferrer nofollow", ...rest };
}

/** What a picture may be that comes with the mail: a bitmap, never SVG (it can hold script). */
const OWN_IMAGE = /^(cid:|data:image\/(png|gif|jpe?g|webp|bmp);base64,)/i;

function safeImage({
  src,
  srcset,
  "data-remote-src": waiting,
  ...rest
}: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  const address = (src ?? "").trim();
  if (OWN_IMAGE.test(address)) return { ...rest, src: address };
  const remote = /^https?:\/\//i.test(address) ? address : (waiting ?? "");
  return /^https?:\/\//i.test(remote) ? { ...rest, "data-remote-src": remote } : rest;
}

/** The words of HTML, in lines. */
export const htmlToText = (html: string): string => wordsOf(layOut(html).lines);

const LINK = /\bhttps?:\/\/[^\s<>"']{1,2000}[^\s<>"'.,;:!?)\]}]/g;

/** Plain words as HTML: line ends and blanks stay, web addresses become links. */
export function textToHtml(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n").map(lineToHtml);
  return lines.length === 1 && lines[0] === "" ? "" : `<div>${lines.join("<br />\n")}</div>`;
}

function lineToHtml(line: string): string {
  let html = "";
  let end = 0;
  for (const match of line.matchAll(LINK)) {
    html += withBlanks(line.slice(end, match.index)) + link(match[0]);
    end = match.index + match[0].length;
  }
  return html + withBlanks(line.slice(end));
}

const withBlanks = (text: string) => escapeHtml(text).replace(/^ | {2}/g, (blanks) => "\u00a0".repeat(blanks.length));
const link = (address: string) =>
  `<a href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer nofollow">${escapeHtml(address)}</a>`;
