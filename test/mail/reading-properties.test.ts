import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseDocument } from "htmlparser2";
import { safeFileName } from "../../server/desk/mail/reading/attachments.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { htmlToText, safeHtml, textToHtml } from "../../server/desk/mail/reading/safe-html.ts";
import { aMail, anAnswer, anHtmlMail, aTextMail } from "./mails.ts";

const squeeze = (text: string) => text.replace(/\s+/g, "");
const letters = (text: string) => [...squeeze(text)].sort().join("");

/** Pieces of mail, put together in ways that no program would. */
const scraps = fc.constantFrom(
  "Content-Type: multipart/mixed; boundary=a\r\n",
  "--a\r\n",
  "--a--\r\n",
  "\r\n\r\n",
  "Content-Transfer-Encoding: base64\r\n",
  "Subject: =?utf-8?B?w6Q=?=\r\n",
  "From: Ann <ann@example.com>\r\n",
  "Content-Type: application/ms-tnef\r\n",
  "\x78\x9f\x3e\x22",
  "Content-Type: message/delivery-status\r\n",
  "Action: failed\r\n",
  "> quoted\r\n",
  "On Monday, Ann <ann@example.com> wrote:\r\n",
  "-- \r\n",
  "<div><blockquote type=cite>",
  "</p>",
  "Content-Type: text/html; charset=utf-7\r\n",
  "BEGIN:VEVENT\r\nDTSTART;TZID=Mars/Base:20260101T100000\r\n",
  "\0\xff\xfe",
  "=3D=\r\n",
);

test("whatever bytes arrive, they are read and never an error", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }),
    fc
      .array(fc.oneof(scraps, fc.string({ maxLength: 40 })), { maxLength: 60 })
      .map((pieces) => Buffer.from(pieces.join(""), "latin1")),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (raw) => {
      const mail = await readMail(raw);
      expect(mail.warnings.join()).not.toContain("could not be read");
      expect(typeof mail.text).toBe("string");
    }),
    { numRuns: 400 },
  );
});

const lines = fc.array(
  fc.constantFrom(
    "Hello",
    "> quoted",
    ">> deeper",
    "",
    "-- ",
    "Ann Miller",
    "On Mon, 5 Jan 2026 at 10:00, Ann <ann@example.com> wrote:",
    "Von: Bob <bob@example.com>",
    "Gesendet: Montag, 5. Januar 2026 10:00",
    "An: Ann <ann@example.com>",
    "Betreff: Pump",
    "-----Original Message-----",
    "Sent from my iPhone",
    "________________________________",
    "Begin forwarded message:",
    "Yes, please.",
    "Both.--- On Mon, 5 Jan 2026 at 10:00, Ann <ann@example.com> wrote:",
    "##- Please type your reply above this line -##",
    "On Mon, 5 Jan 2026 at 10:00, Ann <",
    "ann@example.com> wrote:",
    "PS: Bring the key.",
    "1. a pump",
  ),
  { maxLength: 25 },
);

test("new words and quoted words together are all words of the mail, of a letter and of an answer", async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.constantFrom(aTextMail, anAnswer), async (some, write) => {
      const mail = await readMail(write(some.join("\r\n")));
      expect(letters(mail.visibleText + mail.quotedText)).toBe(letters(mail.text));
      if (mail.text.trim() !== "") expect(mail.visibleText.trim()).not.toBe("");
    }),
    { numRuns: 400 },
  );
});

test("new HTML and quoted HTML together hold all words of the HTML", async () => {
  const blocks = fc.array(
    fc.constantFrom(
      "<p>Hello</p>",
      "<blockquote type=cite>old <b>words</b></blockquote>",
      "<div class=gmail_signature>Ann</div>",
      "<div id=divRplyFwdMsg>From: Bob</div>",
      "<br>",
      "text",
      "<table><tr><td>a</td><td>b</td></tr></table>",
      "<pre>one\ntwo\n> three</pre>",
      "<div class=gmail_attr>On Mon, Bob &lt;bob@example.com&gt; wrote:</div>",
      "<ul><li>first</li></ul>",
    ),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(blocks, async (some) => {
      const mail = await readMail(anHtmlMail(some.join("")));
      expect(letters(htmlToText(mail.visibleHtml) + htmlToText(mail.quotedHtml)).replaceAll("-", "")).toBe(
        letters(mail.text).replaceAll("-", ""),
      );
    }),
    { numRuns: 300 },
  );
});

const HOSTILE = fc.constantFrom(
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<a href='javascript:alert(1)'>x</a>",
  "<svg onload=alert(1)>",
  "<style>p{}</style>",
  "<form action=x><input></form>",
  "<iframe src=x></iframe>",
  "<img src='https://evil.example/x.png' srcset='https://evil.example/y.png 2x'>",
  "<p style='background:url(https://evil.example/x)'>",
  "<p style='position:fixed'>",
  "<math><mtext><table><mglyph><style>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
  "<!--",
  "-->",
  '<a href="https://ok.example">ok</a>',
  "<template>",
  "<b",
  "</",
  "&lt;script&gt;",
  "<base href=//evil>",
  "<link rel=stylesheet href=x>",
  "<meta http-equiv=refresh content=0>",
);

test("no HTML keeps anything that acts or loads, and what is safe stays as it is", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(HOSTILE, fc.string({ maxLength: 12 })), { maxLength: 12 }), (pieces) => {
      const safe = safeHtml(pieces.join(""));
      const again = safeHtml(safe);
      expect(squeeze(htmlToText(again))).toBe(squeeze(htmlToText(safe)));
      expect(safeHtml(again)).toBe(again); // the first pass may leave a table in a paragraph; the next parser moves it
      expectHarmless(safe);
    }),
    { numRuns: 600 },
  );
});

function expectHarmless(html: string): void {
  const visit = (nodes: ReturnType<typeof parseDocument>["children"]): void => {
    for (const node of nodes) {
      if (!("attribs" in node)) continue;
      expect([
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "button",
        "svg",
        "base",
        "meta",
        "link",
        "template",
        "noscript",
      ]).not.toContain(node.name);
      for (const [name, value] of Object.entries(node.attribs)) {
        expect(name).not.toMatch(/^on|^srcset$|^id$|^name$|^action$/);
        if (name === "src") expect(value).toMatch(/^(cid:|data:image\/)/);
        if (name === "href") expect(value).toMatch(/^(https?:|mailto:|tel:)/i);
        if (name === "style") expect(value).not.toMatch(/url|position|expression/i);
      }
      visit(node.children);
    }
  };
  visit(parseDocument(html).children);
}

/** CONT-05: what senders write to have a file taken for another, or put elsewhere. */
const namePieces = fc.constantFrom(
  ..."../|..\\|/etc/passwd|C:\\x|\0|\r\n|\u202e|\u2066|\u200b|\ufeff|.htaccess|.|. | |CON|a.pdf|.exe|%2e%2e/|ä|👨‍👩‍👧|\ud800".split(
    "|",
  ),
  "x".repeat(300),
);

test("a file's name is one line without folders, whatever the mail calls it, and stays as it is the second time", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(namePieces, fc.string({ maxLength: 5 })), { maxLength: 8 }), (pieces) => {
      const name = safeFileName(pieces.join(""));
      if (name === null) return;
      expect(name).not.toMatch(/[/\\\p{Cc}\u200b\u202a-\u202e\u2066-\u2069\ufeff]|[. ]$|^\s/u);
      expect(name.length).toBeGreaterThan(0);
      expect(name.length).toBeLessThanOrEqual(255);
      expect(safeFileName(name)).toBe(name);
    }),
    { numRuns: 5_000 },
  );
  expect(safeFileName(`${"long ".repeat(80)}.pdf`)).toMatch(/^long .*\.pdf$/);
});

test("plain words become HTML that says the same", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: "grapheme-ascii" }), (words) => {
      expect(squeeze(htmlToText(textToHtml(words)))).toBe(squeeze(words));
      expect(squeeze(htmlToText(safeHtml(textToHtml(words))))).toBe(squeeze(words));
    }),
  );
});

/** Each repeats something that a careless pattern or a careless loop would read again and again. */
const REPEATED: Record<string, (size: number) => Buffer> = {
  "lines above quotes": (size) => aTextMail(fill("On Mon, Jan 1 2026 Ann <a@b.c> wrote:\n> x\nyes\n", size)),
  "header blocks": (size) => aTextMail(fill("From: a@b.c\nTo: x@y.z\nSubject: z\n\n", size), { Subject: "Fwd: x" }),
  "labels that no list has": (size) => anAnswer(fill("Qo: Ann <a@b.c>\nXa: 10:00\n\n", size)),
  "labels on one line": (size) => anAnswer(fill("------ Xo ------From: a@b.c Date: To: ", size)),
  "dashes for signatures": (size) => anAnswer(fill("x\n--\n", size)),
  "desks' markers": (size) => anAnswer(fill("##- reply above this line -#\n", size)),
  "lines of hashes": (size) => anAnswer(fill("#-#-", size)),
  "open addresses and blank lines": (size) => anAnswer(fill("On Mon 10:00 Ann <\n\n\n", size)),
  "tags before a subject": (size) => aTextMail("x", { Subject: fill("[EXT] EXTERNAL: ", size) }),
  "capitals before a subject": (size) => aTextMail("x", { Subject: fill("ABC: ", size) }),
  "styles without an end": (size) => anHtmlMail(fill("<style>.a{display:none", size)),
  "hidden names": (size) =>
    anHtmlMail(`<style>${fill(".a,", size / 2)}{display:none}</style>${fill("<b class=a>", size / 2)}`),
  "addresses in a daemon's words": (size) => aTextMail(fill("a@b.c<", size), { From: "mailer-daemon@mx.test" }),
  "phone signatures": (size) => aTextMail(fill("Sent from my phone\n", size)),
  blanks: (size) => aTextMail(`a${fill(" ", size)}b`),
  "angle brackets": (size) => aTextMail(fill("a@b<", size)),
  "forward signs on one line": (size) =>
    aTextMail(`----- Forwarded message ----- ${fill("From: a To: b Sent: ", size)}`),
  "elements inside each other": (size) => anHtmlMail(fill("<div>", size)),
  "spans in one line": (size) => anHtmlMail(fill("<span>a</span>", size)),
  "preformatted lines": (size) => anHtmlMail(`<pre>${fill("a\n", size)}`),
  "a long style": (size) => anHtmlMail(`<p style="${fill("color:(", size)}">`),
  "encoded words": (size) => aMail({ Subject: fill("=?utf-8?q?a?= ", size) }),
  "open brackets in an address": (size) => aMail({ To: fill("(<", size) }),
  parameters: (size) => aMail({ "Content-Type": `a/b; ${fill("n*0*=a; ", size)}` }),
  delimiters: (size) => aMail({ "Content-Type": "multipart/mixed; boundary=a" }, fill("--a\r\n\r\nx\r\n", size)),
  "multiparts inside each other": (size) =>
    Buffer.from(
      Array.from({ length: 200 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join(
        "",
      ) + fill("--\r\n", size),
    ),
  "calendar parameters": (size) => aMail({ "Content-Type": "text/calendar" }, `A;B=${fill(",", size)}`),
  "report groups": (size) => aMail({ "Content-Type": "message/delivery-status" }, fill("Action: x\n\n", size)),
};
const fill = (piece: string, size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

// The size is the check: what costs the square of it does not end within the test's time, on any machine.
test.each(Object.keys(REPEATED))("two megabytes of %s are read to their end", async (name) => {
  const build = REPEATED[name];
  if (!build) throw new Error(`no mail of ${name}`);
  const { subject, text, attachments, warnings } = await readMail(build(2_000_000));
  expect(subject.length + text.length + attachments.length + warnings.length).toBeGreaterThan(0);
});
