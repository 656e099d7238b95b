/** The exact words that a release covers. */
import { createHash } from "node:crypto";
import { htmlToText, safeHtml } from "../desk/mail/reading/safe-html.ts";

type Parts = { html: string; quotedHtml?: string };

/** Which images go along: those the words name by these content ids, and those whose data stands in the words. */
export type Images = { contentIds: ReadonlySet<string>; embedded: boolean };

export const noImages: Images = { contentIds: new Set(), embedded: false };

/**
 * Safe HTML of what is released: the new words, the history below them only when given, and only the named images.
 * Images from elsewhere would tell their owner who reads; they never pass. Nobody can approve words that the preview does
 * not show: what its style hides stays here.
 * Cleaned until nothing changes any more, so that the portal, which cleans again, shows the very bytes that were approved.
 */
export function releasedWords({ html, quotedHtml = "" }: Parts, images: Images): string {
  const clean = (dirty: string) => withoutOtherImages(safeHtml(dirty, "goes"), images);
  let words = clean(quotedHtml ? `${html}<blockquote>${quotedHtml}</blockquote>` : html);
  for (let again = clean(words), passes = 0; again !== words && passes < 5; again = clean(words), passes++)
    words = again;
  return words;
}

/** The content ids that images of some HTML name. */
export const contentIdsIn = (html: string) =>
  new Set([...html.matchAll(/<img\b[^>]*?\bsrc="cid:([^"]+)"/gi)].map(([, id]) => decoded(id ?? "")));

export const hashOf = (html: string) => createHash("sha256").update(html).digest("hex");

/** Nothing to read and no picture to see. */
export const isEmpty = (html: string) => !/<img\b/i.test(html) && htmlToText(html).trim() === "";

function withoutOtherImages(html: string, { contentIds, embedded }: Images) {
  return html.replace(/<img\b[^>]*>/gi, (tag) => {
    const source = /\bsrc="([^"]*)"/i.exec(tag)?.[1] ?? "";
    if (/^data:image\//i.test(source)) return embedded ? tag : "";
    const contentId = /^cid:(.+)$/i.exec(source)?.[1];
    return contentId && contentIds.has(decoded(contentId)) ? tag : "";
  });
}

/** A `cid:` address may be percent-encoded (RFC 2392), and in HTML its ampersands are escaped. */
function decoded(contentId: string) {
  const plain = contentId.replaceAll("&amp;", "&");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain; // a lone % is itself
  }
}
