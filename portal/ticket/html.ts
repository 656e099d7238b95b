import type { FileView } from "../contract.ts";

/** Where a file of a ticket is fetched. */
export type FileUrl = (file: FileView) => string;

/**
 * The released words with their inline images: `cid:` becomes the address of the file that was released with them.
 * An image that was not released keeps its place but shows nothing.
 */
export function withInlineImages(html: string, files: readonly FileView[], fileUrl: FileUrl) {
  if (!html.includes("cid:")) return html;
  return html.replace(/(\ssrc=")cid:([^"]*)(")/gi, (_, before: string, contentId: string, after: string) => {
    const file = files.find((candidate) => candidate.contentId !== null && candidate.contentId === decoded(contentId));
    return file ? `${before}${fileUrl(file)}${after}` : ' data-not-shared=""';
  });
}

/** Content ids stand percent-encoded in HTML (RFC 2392), and some programs leave the angle brackets on. */
function decoded(contentId: string) {
  const plain = contentId.replaceAll("&amp;", "&").replace(/^<|>$/g, "");
  return /%[0-9a-f]{2}/i.test(plain) && !/%(?![0-9a-f]{2})/i.test(plain) ? safelyDecoded(plain) : plain;
}

function safelyDecoded(text: string) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
