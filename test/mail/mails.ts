/** A mail as it comes over the wire: headers, a blank line, a body. */
export function aMail(headers: Record<string, string>, body = ""): Buffer {
  const head = Object.entries({ From: "Ann Miller <ann@example.com>", Subject: "Pump 7", ...headers });
  return Buffer.from(`${head.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`);
}

export const aTextMail = (text: string, headers: Record<string, string> = {}) =>
  aMail({ "Content-Type": "text/plain; charset=utf-8", ...headers }, text);

export const anHtmlMail = (html: string, headers: Record<string, string> = {}) =>
  aMail({ "Content-Type": "text/html; charset=utf-8", ...headers }, html);

/** Below "Re:" stands what was written before. */
const ANSWERING = { Subject: "Re: Pump 7", "In-Reply-To": "<1@desk.test>" };

export const anAnswer = (text: string, headers: Record<string, string> = {}) =>
  aTextMail(text, { ...ANSWERING, ...headers });

export const anHtmlAnswer = (html: string, headers: Record<string, string> = {}) =>
  anHtmlMail(html, { ...ANSWERING, ...headers });

/** A multipart mail of ready-made parts, each with its own header. */
export const aMultipart = (type: string, parts: string[], headers: Record<string, string> = {}) =>
  aMail(
    { "MIME-Version": "1.0", "Content-Type": `${type}; boundary="b1"`, ...headers },
    `${parts.map((part) => `--b1\r\n${part}\r\n`).join("")}--b1--\r\n`,
  );
