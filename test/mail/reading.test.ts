import { expect, test } from "@jest/globals";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { aMail, aMultipart, anHtmlMail, aTextMail } from "./mails.ts";

const words = (mail: { visibleText: string }) => mail.visibleText.trim();

test("an agent reads subject, people and date as the sender meant them", async () => {
  const mail = await readMail(
    aTextMail("Hello", {
      Subject: "=?iso-8859-1?Q?Pumpe_f=FCr?=\r\n =?utf-8?B?IM6xzrI=?=",
      From: "=?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg(work)@ example.com>",
      To: 'Team: "Miller, Ann" <ann@example.com>, bob@example.com;',
      Date: "Mon, 5 Jan 2026 10:00:00 +0100 (CET)",
      "Message-ID": "<1@example.com>",
      References: "<a@example.com>\r\n <b@example.com>",
    }),
  );
  expect(mail.subject).toBe("Pumpe für αβ");
  expect(mail.from).toEqual({ name: "Jörg Müller", address: "joerg@example.com" });
  expect(mail.to).toEqual([
    { name: "Miller, Ann", address: "ann@example.com" },
    { name: "", address: "bob@example.com" },
  ]);
  expect(mail.date?.toISOString()).toBe("2026-01-05T09:00:00.000Z");
  expect(mail.references).toEqual(["a@example.com", "b@example.com"]);
});

test.each([
  [
    "windows-1251, which it does not say",
    undefined,
    Buffer.from(
      "d1eff0e0e2eaee20efee20f2e5ebe5f4eeedf32ee4eef1f2e0e2eae02ec7e4f0e0e2f1f2e2f3e9f2e52c20fdf2ee20eff0e8eceef0e7",
      "hex",
    ),
    /Спра|Здравствуйте/i,
  ],
  ["UTF-8, which it does not say", undefined, Buffer.from("Grüße aus Köln"), /Grüße aus Köln/],
  ["UTF-8, though it says latin1", "iso-8859-1", Buffer.from("Grüße aus Köln"), /Grüße aus Köln/],
  ["windows-1252, though it says UTF-8", "utf-8", Buffer.from("Gr\xfc\xdfe aus K\xf6ln", "latin1"), /Grüße aus Köln/],
  ["UTF-7", "unicode-1-1-utf-7", Buffer.from("Gr+APwA3w-e"), /Grüße/],
  ["ISO-2022-JP, which it does not say", undefined, Buffer.from("1b2442467c4b5c386c1b2842", "hex"), /日本語/],
  ["a charset nobody knows", "x-unknown", Buffer.from("plain words"), /plain words/],
])("a mail in %s is readable", async (_, charset, bytes, expected) => {
  const type = charset ? `text/plain; charset=${charset}` : "text/plain";
  const mail = await readMail(
    Buffer.concat([aMail({ "Content-Type": type, "Content-Transfer-Encoding": "8bit" }), bytes]),
  );
  expect(mail.text).toMatch(expected);
});

test("attachments keep their names, however they are written, but never a path", async () => {
  const file = (disposition: string) =>
    `Content-Type: application/pdf\r\nContent-Disposition: attachment; ${disposition}\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=`;
  const mail = await readMail(
    aMultipart("multipart/mixed", [
      "Content-Type: text/plain\r\n\r\nSee the files.",
      file("filename*0*=utf-8''Rechnung%20f%C3%BCr; filename*1=\" Ann.pdf\""),
      file('filename="=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?="'),
      file('filename="..\\\\..\\\\secret/plan.pdf"'),
    ]),
  );
  expect(mail.attachments.map(({ name }) => name)).toEqual(["Rechnung für Ann.pdf", "Grüße.pdf", "plan.pdf"]);
  expect(mail.attachments[0]).toMatchObject({ size: 5, inline: false, type: "application/pdf" });
  expect(Buffer.from(mail.attachments[0]?.content ?? []).toString()).toBe("Hello");
  expect(words(mail)).toBe("See the files.");
});

test("a picture in the words is inline whatever it says; a PDF is below them whatever it says", async () => {
  const mail = await readMail(
    aMultipart("multipart/mixed", [
      'Content-Type: text/html\r\n\r\n<p>See <img src="cid:plan@example.com"></p>',
      "Content-Type: image/png\r\nContent-ID: <plan@example.com>\r\nContent-Disposition: attachment; filename=plan.png\r\n\r\nx",
      "Content-Type: application/pdf\r\nContent-Disposition: inline; filename=offer.pdf\r\n\r\nx",
    ]),
  );
  expect(mail.attachments.map(({ name, inline }) => [name, inline])).toEqual([
    ["plan.png", true],
    ["offer.pdf", false],
  ]);
});

test("a mail that was cut off or lost its boundary still shows its words, and says what is wrong", async () => {
  const cut = await readMail(
    aMail({ "Content-Type": "multipart/mixed; boundary=x" }, "--x\r\nContent-Type: text/plain\r\n\r\nHello Bo"),
  );
  expect(cut.text).toBe("Hello Bo");
  expect(cut.warnings.join()).toContain("cut off");
  const lost = await readMail(
    aMail({ "Content-Type": "multipart/mixed" }, "--y\r\nContent-Type: text/plain\r\n\r\nHello\r\n--y--"),
  );
  expect(lost.text).toBe("Hello");
  const wrong = await readMail(aMail({ "Content-Type": "multipart/mixed; boundary=z" }, "No parts here."));
  expect(wrong.text).toBe("No parts here.");
});

test("an image of the mail stays, an image from elsewhere waits, a script is gone", async () => {
  const mail = await readMail(
    anHtmlMail(
      '<p style="color:red;position:fixed">Hello <img src="cid:logo@example.com" alt="logo"><img src="https://tracker.example/x.gif" alt="banner"></p><script>alert(1)</script><a href="javascript:alert(1)">a</a> <a href="https://example.com">b</a>',
    ),
  );
  expect(mail.html).toContain('src="cid:logo@example.com"');
  expect(mail.html).toContain('data-remote-src="https://tracker.example/x.gif"');
  expect(mail.html).toContain('style="color:red"');
  expect(mail.html).toContain('rel="noopener noreferrer nofollow"');
  expect(mail.html).not.toMatch(/script|[^-]src="https/);
});

const report = (fields: string) => [
  "Content-Type: text/plain\r\n\r\nYour mail could not be delivered.",
  `Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n${fields}`,
  "Content-Type: message/rfc822\r\n\r\nMessage-ID: <sent@desk.example>\r\nTo: gone@example.com\r\nSubject: Pump\r\n\r\nHello",
];

test("a bounce says who did not get which mail, and whether for good", async () => {
  const failed = await readMail(
    aMultipart(
      "multipart/report; report-type=delivery-status",
      report(
        "Final-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown",
      ),
      { From: "postmaster@example.com" },
    ),
  );
  expect(failed.kind).toBe("bounce");
  expect(failed.bounce).toEqual({
    status: "5.1.1",
    recipient: "gone@example.com",
    permanent: true,
    diagnostic: "550 5.1.1 unknown",
    originalMessageId: "sent@desk.example",
  });
  const delayed = await readMail(
    aMultipart(
      "multipart/report",
      report("Final-Recipient: rfc822; gone@example.com\r\nAction: delayed\r\nStatus: 4.4.1"),
      { From: "postmaster@example.com" },
    ),
  );
  expect(delayed.bounce).toMatchObject({ permanent: false, status: "4.4.1" });
  const delivered = await readMail(
    aMultipart(
      "multipart/report",
      report("Final-Recipient: rfc822; gone@example.com\r\nAction: delivered\r\nStatus: 2.0.0"),
      { From: "postmaster@example.com" },
    ),
  );
  expect(delivered.bounce).toBeNull();
});

/** What Exim writes, in its own words (exim/src/moan.c and deliver.c), with and without the report that it adds since 4.82. */
const eximWarning = (reason: string) =>
  [
    "This message was created automatically by mail delivery software.",
    "A message that you sent has not yet been delivered to one or more of its",
    "recipients after more than 24 hours on the queue on mx.example.com.",
    "",
    "The message identifier is:     1tFabc-0001Xy-2Z",
    "The subject of the message is: Re: The printer is on fire",
    "",
    "The address to which the message has not yet been delivered is:",
    "",
    "  gone@example.com",
    `    Delay reason: ${reason}`,
    "",
    "No action is required on your part. Delivery attempts will continue for",
    "some time, and this warning may be repeated at intervals if the message",
    "remains undelivered. Eventually the mail delivery software will give up,",
    "and when that happens, the message will be returned to you.",
  ].join("\n");
const exim = {
  From: "Mail Delivery System <Mailer-Daemon@mx.example.com>",
  Subject: "Warning: message 1tFabc-0001Xy-2Z delayed 24 hours",
  "Auto-Submitted": "auto-replied",
};

test.each([
  "Connection timed out",
  "SMTP error from remote mail server after RCPT TO: 451 4.7.1 Greylisted, try again later",
  "retry time not reached for any host",
])("Exim's warning that a mail is delayed (%s) is no failure", async (reason) => {
  const words = await readMail(aTextMail(eximWarning(reason), { ...exim, "Return-Path": "<>" }));
  expect(words).toMatchObject({ kind: "bounce", bounce: { permanent: false, recipient: "gone@example.com" } });

  const fields = "Action: delayed\r\nFinal-Recipient: rfc822;gone@example.com\r\nStatus: 4.0.0";
  const withReport = await readMail(aMultipart("multipart/report", report(fields), exim));
  expect(withReport.bounce).toMatchObject({ permanent: false, recipient: "gone@example.com" });
});

test("Exim's report of a failure is one", async () => {
  const words = eximWarning("550 5.1.1 no such user")
    .replace(
      /has not yet been delivered to one or more[\s\S]*?queue on mx.example.com/,
      "could not be delivered to one or more of its recipients. This is a permanent error",
    )
    .replace(/No action is required[\s\S]*/, "");
  const failed = await readMail(
    aTextMail(words, {
      ...exim,
      Subject: "Mail delivery failed: returning message to sender",
      "X-Failed-Recipients": "gone@example.com",
    }),
  );
  expect(failed.bounce).toMatchObject({ permanent: true, status: "5.1.1", recipient: "gone@example.com" });
});

test("a bounce without a report is known by who says what", async () => {
  const mail = await readMail(
    aTextMail(
      "Hi. This is the qmail-send program.\n<gone@example.com>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <sent@desk.example>",
      { From: "MAILER-DAEMON@mx.example.com", Subject: "failure notice", "Return-Path": "<>" },
    ),
  );
  expect(mail.bounce).toMatchObject({
    status: "5.1.1",
    recipient: "gone@example.com",
    permanent: true,
    originalMessageId: "sent@desk.example",
  });
});

test("a shop that writes about a delivery is no bounce", async () => {
  const mail = await readMail(
    aTextMail("The delivery of your pump failed, the street was closed. We come again on Monday.", {
      From: "delivery@shop.example",
      Subject: "Your delivery",
    }),
  );
  expect(mail.kind).toBe("message");
});

test("a customer who writes about a bounce is no bounce", async () => {
  const mail = await readMail(
    aTextMail("Hello, my mail to you was returned: undeliverable, mailbox full. Can you help?", {
      Subject: "Undeliverable mail",
    }),
  );
  expect(mail.kind).toBe("message");
});

test.each<[string, Record<string, string>, boolean]>([
  ["Auto-Submitted: auto-replied", { "Auto-Submitted": "auto-replied" }, true],
  ["Auto-Submitted: no", { "Auto-Submitted": "no", "X-Auto-Response-Suppress": "All" }, false],
  ["X-Autoreply: yes", { "X-Autoreply": "yes" }, true],
  ["a German absence note", { Subject: "Automatische Antwort: Pumpe" }, true],
  ["a Japanese absence note", { Subject: "自動応答: ポンプ" }, true],
  ["a newsletter", { Precedence: "bulk", "List-Id": "<news.example.com>" }, false],
  ["a question about automatic replies", { Subject: "How do I switch on an automatic reply?" }, false],
])("%s: automatic or not", async (_, headers, automatic) => {
  const mail = await readMail(aTextMail("I am away.", headers));
  expect(mail.autoReply !== null).toBe(automatic);
  expect(mail.kind).toBe(automatic ? "auto_reply" : "message");
});

test("a complaint names the mail complained of", async () => {
  const mail = await readMail(
    aMultipart("multipart/report; report-type=feedback-report", [
      "Content-Type: text/plain\r\n\r\nAn abuse report.",
      "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nOriginal-Rcpt-To: <ann@example.com>\r\n",
      "Content-Type: message/rfc822\r\n\r\nMessage-ID: <sent@desk.example>\r\n\r\nHello",
    ]),
  );
  expect(mail.kind).toBe("feedback_report");
  expect(mail.feedbackReport).toEqual({
    type: "abuse",
    recipient: "ann@example.com",
    originalMessageId: "sent@desk.example",
  });
});

test("an invitation tells when, where and who, in the zone that Outlook names", async () => {
  const event =
    'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSEQUENCE:2\r\nSUMMARY:Pump\\, visit\r\nLOCATION:Berlin\r\nDTSTART;TZID=W. Europe Standard Time:20260701T100000\r\nDTEND;TZID=W. Europe Standard Time:20260701T110000\r\nORGANIZER;CN=Ann:mailto:ann@example.com\r\nATTENDEE;CN="Stone, Bob";PARTSTAT=ACCEPTED:MAILTO:bob@exam\r\n ple.com\r\nBEGIN:VALARM\r\nSUMMARY:not this\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
  const mail = await readMail(
    aMultipart("multipart/alternative", [
      "Content-Type: text/plain\r\n\r\nCome.",
      `Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n${event}`,
    ]),
  );
  expect(mail.kind).toBe("calendar");
  expect(mail.calendar).toMatchObject({
    method: "REQUEST",
    summary: "Pump, visit",
    location: "Berlin",
    start: "2026-07-01T08:00:00.000Z",
    end: "2026-07-01T09:00:00.000Z",
    sequence: 2,
  });
  expect(mail.calendar?.attendees).toEqual([{ name: "Stone, Bob", address: "bob@example.com", answer: "ACCEPTED" }]);
  expect(words(mail)).toBe("Come.");
});

test("only a server that we trust says who the sender is", async () => {
  const headers = {
    From: "Ann <ann@a.example>",
    "Authentication-Results":
      "mx.example.com; spf=pass smtp.mailfrom=a.example; dkim=fail; dmarc=pass (p=none) header.from=a.example",
  };
  const raw = aTextMail("Hello", headers);
  expect((await readMail(raw)).authentication.verdict).toBe("none");
  expect((await readMail(raw, { trustedAuthservIds: ["other.example"] })).authentication.verdict).toBe("none");
  expect((await readMail(raw, { trustedAuthservIds: ["MX.example.com"] })).authentication).toEqual({
    spf: "pass",
    dkim: "fail",
    dmarc: "pass",
    verdict: "pass",
  });
});

test("a pass in a comment, or in a header below another server's, is nobody's pass", async () => {
  const forged = aTextMail("Hello", { "Authentication-Results": "mx.example.com; dmarc=fail (dmarc=pass; dkim=pass)" });
  expect((await readMail(forged, { trustedAuthservIds: ["mx.example.com"] })).authentication.verdict).toBe("fail");
  const below = Buffer.from(
    "Authentication-Results: mx.example.com; dmarc=fail\r\nAuthentication-Results: evil.example; spf=none\r\nAuthentication-Results: mx.example.com; dmarc=pass\r\n\r\nHello",
  );
  expect((await readMail(below, { trustedAuthservIds: ["mx.example.com"] })).authentication.verdict).toBe("fail");
});

test("a pass counts for the one sender that the server has read, and for no other", async () => {
  const verdictOf = async (from: string, results: string) => {
    const raw = Buffer.from(`Authentication-Results: mx.example.com; ${results}\r\nFrom: ${from}\r\n\r\nHello`);
    return (await readMail(raw, { trustedAuthservIds: ["mx.example.com"] })).authentication.verdict;
  };
  const alice = "Alice <alice@a.example>";
  expect(await verdictOf(alice, "dmarc=pass header.from=A.example")).toBe("pass");
  expect(await verdictOf("alice@bücher.example", "dmarc=pass header.from=xn--bcher-kva.example")).toBe("pass");
  expect(await verdictOf(alice, "dmarc=pass header.from=outsider.example")).toBe("fail");
  expect(await verdictOf(`${alice}, mallory@outsider.example`, "dmarc=pass header.from=a.example")).toBe("none");
  expect(await verdictOf("<alice@a.example>(x)<mallory@outsider.example>", "dmarc=pass")).not.toBe("pass");
  expect(await verdictOf(`${alice}\r\nFrom: mallory@outsider.example`, "dmarc=pass")).toBe("none");
});

test("a pass that a sender wrote into the name of his mailbox is nobody's pass", async () => {
  const verdictOf = async (results: string) => {
    const raw = aTextMail("Hello", { "Authentication-Results": `mx.example.com; ${results}` });
    return (await readMail(raw, { trustedAuthservIds: ["mx.example.com"] })).authentication.verdict;
  };
  expect(await verdictOf('spf=pass smtp.mailfrom="x; dmarc=pass"@outsider.example')).not.toBe("pass");
  expect(await verdictOf('spf=pass smtp.mailfrom="x\\"; dmarc=pass"@outsider.example; dmarc=fail')).toBe("fail");
  expect(await verdictOf("spf=pass smtp.mailfrom=x; dmarc=pass@outsider.example; dmarc=fail")).toBe("fail");
});

test("Exchange Online's header without a server's name is believed only when that is wanted", async () => {
  const raw = aTextMail("Hello", {
    From: "Ann <ann@a.example>",
    "X-MS-Exchange-Organization-AuthAs": "Anonymous",
    "Authentication-Results":
      "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=none; dmarc=bestguesspass action=none header.from=a.example;compauth=pass reason=109",
  });
  expect((await readMail(raw, { trustedAuthservIds: ["a.example"] })).authentication.verdict).toBe("none");
  expect((await readMail(raw, { trustedAuthservIds: [""] })).authentication.verdict).toBe("pass");
});

test("a mail that is attached whole names its author, and stays a file", async () => {
  const inner = "From: Bob <bob@example.com>\r\nTo: ann@example.com\r\nSubject: Broken pump\r\n\r\nIt is broken.";
  const mail = await readMail(
    aMultipart(
      "multipart/mixed",
      ["Content-Type: text/plain\r\n\r\nPlease look.", `Content-Type: message/rfc822\r\n\r\n${inner}`],
      { Subject: "Fwd: Broken pump" },
    ),
  );
  expect(mail.forward).toMatchObject({ from: { name: "Bob", address: "bob@example.com" }, subject: "Broken pump" });
  expect(mail.attachments.map(({ type }) => type)).toEqual(["message/rfc822"]);
  expect(words(mail)).toBe("Please look.");
});

test("an answer to a forward is an answer", async () => {
  const mail = await readMail(
    aTextMail(
      "I will look.\n\nOn Mon, Jan 5, 2026 at 10:00 AM Ann <ann@example.com> wrote:\n> ---------- Forwarded message ---------\n> From: Bob <bob@example.com>\n> Date: Sun\n> Subject: Pump\n> To: ann@example.com\n>\n> Broken.",
      { Subject: "Re: Fwd: Pump" },
    ),
  );
  expect(mail.forward).toBeNull();
  expect(words(mail)).toBe("I will look.");
});

test("signed, encrypted and list mail are labelled", async () => {
  const signed = await readMail(
    aMultipart('multipart/signed; protocol="application/pkcs7-signature"', [
      "Content-Type: text/plain\r\n\r\nHello",
      "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx",
    ]),
  );
  expect(signed).toMatchObject({ protection: "smime_signed", text: "Hello" });
  const encrypted = await readMail(
    aMail({ "Content-Type": "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m" }, "x"),
  );
  expect(encrypted.protection).toBe("smime_encrypted");
  expect((await readMail(aTextMail("Hello", { "List-Id": "News <news.example.com>" }))).listId).toBe(
    "news.example.com",
  );
});
