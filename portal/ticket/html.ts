import type { FileView } from "../contract.ts";

/** Where a file of a ticket is fetched. */
export type FileUrl = (file: FileView) => string;

const cidSource = /(\ssrc=")cid:([^"]*)(")/gi;

/**
 * The released words with their inline images: `cid:` becomes the address of the file that was released with them.
 * An image that was not released keeps its place but shows nothing. `below`: the files that the words do not show.
 */
export function withInlineImages(html: string, files: readonly FileView[], fileUrl: FileUrl) {
  const shown = new Set<FileView>();
  const shownHtml = html.replace(cidSource, (_, before: string, contentId: string, after: string) => {
    const file = files.find((candidate) => candidate.contentId !== null && candidate.contentId === namedBy(contentId));
    if (!file) return ' data-not-shared=""';
    shown.add(file);
    return `${before}${fileUrl(file)}${after}`;
  });
  return { html: shownHtml, below: files.filter((file) => !shown.has(file)) };
}

/** The Content-ID that a `cid:` address names: it may be percent-encoded (RFC 2392), and in HTML its ampersands are escaped. */
export function namedBy(contentId: string) {
  const plain = contentId.replaceAll("&amp;", "&");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain; // a lone % is itself
  }
}
