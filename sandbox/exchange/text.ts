import { convert } from "html-to-text";

/** Graph's bodyPreview has the first 255 characters of the text (resources/message, v1.0). */
const previewLength = 255;
/** A preview needs no more of a long mail than this. */
const previewSource = 40_000;

export function previewOf({ html, plain }: { html: string | null; plain: string | null }): string {
  const text = plain ?? roughText((html ?? "").slice(0, previewSource));
  return text.slice(0, previewSource).replace(/\s+/g, " ").trim().slice(0, previewLength);
}

/** Good enough for a glance; `textOf` is the careful one. */
const roughText = (html: string) =>
  html
    .replace(/<(style|script|head|title)\b[\s\S]*?<\/\1\s*>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&nbsp;/gi, " ")
    .replace(/&lt;/gi, "<")
    .replace(/&gt;/gi, ">")
    .replace(/&quot;/gi, '"')
    .replace(/&amp;/gi, "&");

export const textOf = (html: string) =>
  convert(html, { wordwrap: false, selectors: [{ selector: "img", format: "skip" }] });

/** As Exchange shows a plain mail to a program that wants HTML. */
export const htmlOf = (plain: string) =>
  `<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"><!-- converted from text --></head>` +
  `<body><div class="PlainText">${escapeHtml(plain).replace(/\r?\n/g, "<br>\r\n")}</div></body></html>`;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
