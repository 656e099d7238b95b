import { expect, test } from "@jest/globals";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { type Labels, languages } from "./clients.ts";
import { aMultipart, anAnswer, anHtmlAnswer } from "./mails.ts";

const ANSWER = "Yes, please send it on Friday.\n\nAnn";
const QUOTED = "Shall I send the pump?\nRegards, Bob";
const marked = QUOTED.replace(/^/gm, "> ");
const inMarkup = (text: string) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const inHtml = (text: string) => inMarkup(text).replaceAll("\n", "<br>");

const block = ({ from, sent, to, cc, subject }: Labels, bold = (label: string) => label) =>
  [
    [from, "Ann Miller <ann@example.com>"],
    [sent, "5 January 2026 10:00"],
    [to, "Bob Stone <bob@example.com>"],
    [cc, "Eve Cole <eve@example.com>"],
    [subject, "Pump 7"],
  ]
    .map(([label, value]) => `${bold(`${label}:`)} ${value}`)
    .join("\n");
const htmlBlock = (labels: Labels) =>
  block(labels, (label) => `BOLD${label}DLOB`)
    .split("\n")
    .map((line) => inMarkup(line).replace("BOLD", "<b>").replace("DLOB", "</b>"))
    .join("<br>");

/** Each answer as the program writes it, by the line above the quote. */
const TEXT_ANSWERS: Record<string, (line: string) => string> = {
  "quoted below": (line) => `${ANSWER}\n\n${line}\n\n${marked}\n`,
  "wrapped and quoted below": (line) => `${ANSWER}\n\n${line.replace(" <", "\n<")}\n\n${marked}\n`,
};
const HTML_ANSWERS: Record<string, (line: string) => string> = {
  gmail: (line) =>
    `<div dir="ltr">${inHtml(ANSWER)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">${inMarkup(line)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">${inHtml(QUOTED)}</blockquote></div>`,
  apple: (line) =>
    `<html><head></head><body style="overflow-wrap: break-word;">${inHtml(ANSWER)}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>${inMarkup(line)}</div><br class="Apple-interchange-newline"><div>${inHtml(QUOTED)}</div></blockquote></div></body></html>`,
  ios: (line) =>
    `<div dir="ltr">${inHtml(ANSWER)}</div><div dir="ltr"><br><blockquote type="cite">${inMarkup(line)}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">﻿${inHtml(QUOTED)}</div></blockquote>`,
  thunderbird: (line) =>
    `<p>${inHtml(ANSWER)}</p><div class="moz-cite-prefix">${inMarkup(line)}<br></div><blockquote type="cite" cite="mid:a@b">${inHtml(QUOTED)}</blockquote>`,
  yahoo: (line) =>
    `<div class="ydp1"><div dir="ltr">${inHtml(ANSWER)}</div></div><div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div style="font-family:Helvetica"><div>${inMarkup(line)}</div><div><br></div><div><br></div><div>${inHtml(QUOTED)}</div></div></div>`,
};
/** Outlook writes a block, by its labels. */
const OUTLOOK: Record<string, (labels: Labels) => Buffer> = {
  "desktop text": (labels) => anAnswer(`${ANSWER}\n\n${block(labels)}\n\n${QUOTED}\n`),
  "mobile text": (labels) => anAnswer(`${ANSWER}\n${"_".repeat(32)}\n${block(labels)}\n\n${QUOTED}\n`),
  "marked text": (labels) => anAnswer(`${ANSWER}\n\n${block(labels, (label) => `*${label}*`)}\n\n${QUOTED}\n`),
  "desktop HTML": (labels) =>
    anHtmlAnswer(
      `<div class="WordSection1"><p class="MsoNormal">${inHtml(ANSWER)}<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">${htmlBlock(labels)}<o:p></o:p></p></div></div><p class="MsoNormal">${inHtml(QUOTED)}</p></div>`,
    ),
  "web HTML": (labels) =>
    anHtmlAnswer(
      `<div class="elementToProof">${inHtml(ANSWER)}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">${htmlBlock(labels)}</font><div>&nbsp;</div></div><div>${inHtml(QUOTED)}</div>`,
    ),
  "mobile HTML": (labels) =>
    anHtmlAnswer(
      `<div dir="ltr">${inHtml(ANSWER)}</div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message"><hr style="display: inline-block; width: 98%;"><div dir="ltr">${htmlBlock(labels)}</div><br>${inHtml(QUOTED)}</div>`,
    ),
  "Mac HTML without ids": (labels) =>
    anHtmlAnswer(`<p>${inHtml(ANSWER)}</p><p>${htmlBlock(labels)}</p><p>${inHtml(QUOTED)}</p>`),
};

const misses: string[] = [];
async function expectNewWords(what: string, raw: Buffer) {
  const { visibleText } = await readMail(raw);
  const squeeze = (text: string) => text.replace(/\s+/g, " ").trim();
  if (squeeze(visibleText) !== squeeze(ANSWER)) misses.push(`${what}: ${JSON.stringify(visibleText.slice(0, 300))}`);
}
const expectNone = () => {
  expect(misses.splice(0)).toEqual([]);
};

test.each(Object.keys(languages))("answers in %s: the new words alone, whatever program wrote them", async (code) => {
  const language = languages[code];
  if (!language) throw new Error(code);
  const { gmail, apple, thunderbird, yahoo } = language;
  for (const line of [...gmail, ...apple, ...thunderbird, ...yahoo])
    for (const [form, write] of Object.entries(TEXT_ANSWERS))
      await expectNewWords(`${form} "${line}"`, anAnswer(write(line)));
  for (const line of [...gmail, ...apple, ...yahoo])
    await expectNewWords(`not marked "${line}"`, anAnswer(`${ANSWER}\n\n${line}\n\n${QUOTED}\n`));
  for (const [program, lines] of Object.entries({ gmail, apple, ios: apple, thunderbird, yahoo }))
    for (const line of lines)
      await expectNewWords(`${program} "${line}"`, anHtmlAnswer(HTML_ANSWERS[program]?.(line) ?? ""));
  for (const [form, write] of Object.entries(OUTLOOK))
    for (const labels of language.outlook) await expectNewWords(`Outlook ${form} ${labels.from}`, write(labels));
  expectNone();
});

test.each(Object.keys(languages))("what phones and programs add in %s is no new word", async (code) => {
  for (const line of languages[code]?.mobile ?? []) {
    await expectNewWords(`text "${line}"`, anAnswer(`${ANSWER}\n\n${line}\n`));
    await expectNewWords(`HTML "${line}"`, anHtmlAnswer(`<p>${inHtml(ANSWER)}</p><p>${inMarkup(line)}</p>`));
    const gmail = languages[code]?.gmail[0] ?? "";
    await expectNewWords(`above a quote "${line}"`, anAnswer(`${ANSWER}\n\n${line}\n\n${gmail}\n\n${marked}`));
  }
  expectNone();
});

test.each(Object.keys(languages))("forwards in %s: who wrote it, to whom, and what about", async (code) => {
  const language = languages[code];
  if (!language) throw new Error(code);
  const expected = {
    from: { name: "Ann Miller", address: "ann@example.com" },
    to: [{ name: "Bob Stone", address: "bob@example.com" }],
    cc: [{ name: "Eve Cole", address: "eve@example.com" }],
    subject: "Pump 7",
  };
  const forwards: [string, Buffer][] = [];
  const [subject = ""] = language.forwarded;
  for (const labels of language.outlook)
    for (const one of language.forwarded) {
      forwards.push([
        `Outlook text ${labels.from} ${one}`,
        anAnswer(`Look.\n\n${block(labels)}\n\n${QUOTED}`, { Subject: one }),
      ]);
      forwards.push([
        `Outlook HTML ${labels.from} ${one}`,
        anHtmlAnswer(
          `<p>Look.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">${htmlBlock(labels)}</p></div><p>${inHtml(QUOTED)}</p>`,
          { Subject: one },
        ),
      ]);
    }
  for (const line of language.appleForward) {
    const quoted = `${line}\n\n${block(language.appleLabels, (label) => `*${label}*`)}\n\n${QUOTED}`.replace(
      /^/gm,
      "> ",
    );
    forwards.push([`Apple text ${line}`, anAnswer(`Look.\n\n${quoted}`, { Subject: "Fwd: Pump 7" })]);
    forwards.push([`Apple text without subject ${line}`, anAnswer(`Look.\n\n${quoted}`, { Subject: "Please" })]);
    forwards.push([
      `Apple HTML ${line}`,
      anHtmlAnswer(
        `Look.<br><div><blockquote type="cite"><div>${inMarkup(line)}</div><br class="Apple-interchange-newline"><div style="margin: 0"><span>${htmlBlock(language.appleLabels).replaceAll("<br>", "</span></div><div><span>")}</span></div><br><div>${inHtml(QUOTED)}</div></blockquote></div>`,
        { Subject: "Please" },
      ),
    ]);
  }
  for (const line of language.thunderbirdForward) {
    const dashed = `-------- ${line} --------`;
    forwards.push([
      `Thunderbird text ${line}`,
      anAnswer(`Look.\n\n\n${dashed}\n${block(language.thunderbirdLabels)}\n\n${QUOTED}`, { Subject: "Please" }),
    ]);
    forwards.push([
      `Thunderbird HTML ${line}`,
      anHtmlAnswer(
        `<p>Look.</p><div class="moz-forward-container"><br>${dashed}<table class="moz-email-headers-table"><tbody><tr>${htmlBlock(language.thunderbirdLabels).replaceAll("<b>", "<th align=right>").replaceAll("</b>", "</th><td>").replaceAll("<br>", "</td></tr><tr>")}</td></tr></tbody></table><br>${inHtml(QUOTED)}</div>`,
        { Subject: "Please" },
      ),
    ]);
  }
  const gmail = {
    ...language.thunderbirdLabels,
    from: language.gmailFrom,
    sent: "Date",
    subject: "Subject",
    to: "To",
    cc: "Cc",
  };
  forwards.push([
    "Gmail text",
    anAnswer(`Look.\n\n---------- Forwarded message ---------\n${block(gmail)}\n\n\n${QUOTED}`, { Subject: "Please" }),
  ]);
  for (const [what, raw] of forwards) {
    const { forward, visibleText } = await readMail(raw);
    const found = forward && { from: forward.from, to: forward.to, cc: forward.cc, subject: forward.subject };
    if (JSON.stringify(found) !== JSON.stringify(expected)) misses.push(`${what}: ${JSON.stringify(found)}`);
    else if (visibleText.trim() !== "Look.") misses.push(`${what}: new words ${JSON.stringify(visibleText)}`);
  }
  expect(subject).not.toBe("");
  expectNone();
});

test.each(Object.keys(languages))("away and returned in %s", async (code) => {
  for (const subject of languages[code]?.away ?? []) {
    const { kind } = await readMail(anAnswer("I am away.", { Subject: subject }));
    if (kind !== "auto_reply") misses.push(`${subject}: ${kind}`);
  }
  for (const subject of languages[code]?.returned ?? []) {
    const { kind, bounce } = await readMail(
      aMultipart(
        "multipart/mixed",
        [
          "Content-Type: text/plain; charset=utf-8\r\n\r\nbob@example.com\r\n550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
          "Content-Type: message/rfc822\r\n\r\nMessage-ID: <q1@example.com>\r\nTo: bob@example.com\r\nSubject: Pump 7\r\n\r\nHello",
        ],
        { Subject: subject, From: "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com>" },
      ),
    );
    if (kind !== "bounce" || bounce?.status !== "5.1.1" || bounce.originalMessageId !== "q1@example.com")
      misses.push(`${subject}: ${kind} ${JSON.stringify(bounce)}`);
  }
  expectNone();
});
