import { escapeHtml } from "../../desk/mail/reading/safe-html.ts";
import { languageOf } from "./words.ts";

/**
 * One mail: readable as it stands, in any program, by a screen reader and without images.
 * Mail programs know no style sheets worth the name, so styles stand at their elements.
 */
export const mailPage = (language: string, body: string) =>
  `<!doctype html><html lang="${languageOf(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `</head><body style="font-family:'Segoe UI',Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5">${body}</body></html>`;

/** A link that says where it leads, for those whose program shows no buttons. */
export const mailLink = (address: string, words: string) =>
  `<p><a href="${escapeHtml(address)}">${escapeHtml(words)}</a></p>`;

export const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;
export const small = (text: string) => `<p style="font-size:13px;color:#555555">${escapeHtml(text)}</p>`;
