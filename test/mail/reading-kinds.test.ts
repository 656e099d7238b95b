import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { aMultipart, aTextMail } from "./mails.ts";

const kindOf = async (raw: Buffer) => (await readMail(raw)).kind;

test.each([
  "How do we switch the automatic reply off?",
  "Automatic reply does not stop",
  "Out of office rotation for July",
  "Auto-reply text needs a new telephone number",
  "Abwesenheitsnotiz der Filiale Bremen ändern",
  "Automatische Antwort kommt doppelt",
  "Absence du bureau de Lyon le 14 juillet",
  "Respuesta automática mal configurada",
  "Fuori sede la stampante non va",
  "Poza biurem nie działa VPN",
  "Autosvar går till fel adress",
  "Ofis dışında bağlanamıyorum",
  "Вне офиса не открывается почта",
  "外出中にパスワードを変更できません",
  "自动回复怎么关闭",
  "부재중 전화가 울리지 않습니다",
  "Automatic door: stuck since Monday",
  "Abwesenheit: Krankmeldung für Frau Stein",
  "Absence: certificat médical",
  "Nieobecność: zwolnienie lekarskie",
  "Away: our new fan shop",
  "休暇中: 申請書について",
  "Fw: Automatic reply: Invoice 7",
  "Re: Automatic reply: Invoice 7",
])("a customer who writes about absence is a person: %s", async (subject) => {
  const mail = await readMail(aTextMail("Hello, could you look at that?", { Subject: subject }));
  expect(mail).toMatchObject({ kind: "message", autoReply: null });
});

test.each([
  "Automatic reply: Pump 7",
  "Autoreply: Pump 7",
  "Out of Office: Pump 7",
  "Automatische Antwort: Pumpe 7",
  "Réponse automatique : Pompe 7",
  "Risposta automatica: Pompa 7",
  "Odpowiedź automatyczna: Pompa",
  "Samodejni odgovor: Črpalka",
  "Аутоматски одговор: Пумпа",
  "Автоматична відповідь: Насос",
  "Automaatvastus: Pump",
  "Automatinis atsakymas: Siurblys",
  "Sjálfvirkt svar: Dæla",
  "Erantzun automatikoa: Ponpa",
  "Balasan otomatis: Pompa",
  "Trả lời tự động: Máy bơm",
  "پاسخ خودکار: پمپ",
  "स्वचालित उत्तर: पंप",
  "自動回覆：泵浦",
  "자동 회신: 펌프",
  "[EXTERN] Automatisch antwoord: Pomp 7",
  "External Email: Automatic reply: Pump 7",
  "***SPAM*** Automatiskt svar: Pump",
  "(Extern) {Gateway} Autosvar: Pumpe",
  "[EXT] [DH-7] Automatische Antwort: Pumpe",
  "⚠️ Caution | Automatic reply: Pump",
  "[EXT]Automatic reply: Pump",
  "Externer Absender - Automatische Antwort: Pumpe",
  "UNSICHER: Out of Office: Pump",
  "<EXTERNAL> *EXT* Risposta automatica: Pompa",
])("an absence note without any header is known by the words that programs write: %s", async (subject) => {
  const mail = await readMail(aTextMail("Until 12 July nobody reads this.", { Subject: subject }));
  expect(mail.kind).toBe("auto_reply");
  expect(mail.automatic).toEqual(mail.autoReply);
});

test.each<[string, string, Record<string, string>]>([
  ["Auto-Submitted, in a language nobody lists", "Qaawil: pump", { "Auto-Submitted": "auto-replied" }],
  ["Auto-Submitted with a parameter", "Pump", { "Auto-Submitted": 'auto-replied; owner-email="ann@example.com"' }],
  ["an empty envelope", "Qaawil: pump", { "Return-Path": "<>", "In-Reply-To": "<1@desk.test>" }],
  ["words without a colon, and the mail it answers", "Out of Office Re: Pump", { "In-Reply-To": "<1@desk.test>" }],
  ["a sentence, and the mail it answers", "Ann Miller is out of the office", { "In-Reply-To": "<1@desk.test>" }],
  ["a stem, and the mail it answers", "Automatikus visszajelzés: pump", { "In-Reply-To": "<1@desk.test>" }],
  ["a word for absence, and the mail it answers", "Abwesenheit: Pumpe 7", { "In-Reply-To": "<1@desk.test>" }],
  ["a loop mark of Exchange", "Out of office", { "X-MS-Exchange-Inbox-Rules-Loop": "ann@example.com" }],
])("an absence note is known by structure: %s", async (_, subject, headers) => {
  expect(await kindOf(aTextMail("…", { Subject: subject, ...headers }))).toBe("auto_reply");
});

const SUPPRESSIONS: Record<string, string>[] = [
  { "X-Auto-Response-Suppress": "All" },
  { "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply" },
  { Precedence: "bulk" },
  { "X-Loop": "support@helpdesk.test" },
  { "Auto-Submitted": "auto-forwarded" },
  { "List-Unsubscribe": "<mailto:leave@example.com>" },
  { "X-MS-Exchange-Inbox-Rules-Loop": "ann@example.com" },
];

test("no header that forbids an answer makes a machine of a person, and each forbids the answer", async () => {
  const subjects = fc.constantFrom("Pump 7", "Re: [DH-7] Pump", "Automatic reply cannot be switched off", "Pumpe", "");
  const some = fc.subarray(SUPPRESSIONS.slice(0, 2).concat(SUPPRESSIONS.slice(3, 6)), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(subjects, some, async (subject, headers) => {
      const mail = await readMail(
        aTextMail(
          "The pump runs again, but the other one needs a valve.",
          Object.assign({ Subject: subject }, ...headers),
        ),
      );
      expect(mail).toMatchObject({ kind: "message", autoReply: null });
      expect(mail.automatic?.because).toMatch(/\w/);
    }),
  );
  for (const headers of SUPPRESSIONS) {
    const mail = await readMail(aTextMail("The pump runs again.", { Subject: "Re: Pump 7", ...headers }));
    expect(mail).toMatchObject({ kind: "message", autoReply: null, automatic: { because: expect.any(String) } });
  }
});

test("a letter says nothing against an automatic answer; a robot's address and an absence note's subject do", async () => {
  const automatic = async (headers: Record<string, string>) =>
    (await readMail(aTextMail("Hello", headers))).automatic?.because ?? null;
  expect(await automatic({ Subject: "Pump 7" })).toBeNull();
  expect(await automatic({ Subject: "Re: Pump 7", "In-Reply-To": "<1@desk.test>", "Auto-Submitted": "no" })).toBeNull();
  expect(await automatic({ From: "no-reply@shop.test" })).toContain("no-reply@shop.test");
  expect(await automatic({ Subject: "Out of office" })).toContain("absence note");
});

test.each<[string, Record<string, string>, string]>([
  ["a rule of Exchange", { "Auto-Submitted": "auto-forwarded" }, "The scanner hums."],
  [
    "a rule that writes a header of its own",
    { Subject: "FW: Scanner", "X-MS-Exchange-Generated-Message-Source": "Mailbox Rules Agent" },
    "\r\nFrom: Bob Stone <bob@example.com>\r\nSent: Monday, January 5, 2026 10:00\r\nTo: Ann <ann@example.com>\r\nSubject: Scanner\r\n\r\nIt hums.",
  ],
  [
    "a rule that says it wrote it itself",
    { Subject: "Fwd: Scanner", "Auto-Submitted": "auto-generated" },
    "---------- Forwarded message ---------\r\nFrom: Bob Stone <bob@example.com>\r\nDate: Mon, 5 Jan 2026 10:00\r\nSubject: Scanner\r\nTo: ann@example.com\r\n\r\nIt hums.",
  ],
])("what %s hands on is a letter, and gets no automatic answer", async (_, headers, text) => {
  const mail = await readMail(aTextMail(text, headers));
  expect(mail).toMatchObject({ kind: "message", autoReply: null, automatic: { because: expect.any(String) } });
});

const receipt = (disposition: string) => [
  "Content-Type: text/plain; charset=utf-8\r\n\r\nYour mail was seen.",
  `Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;ann@example.com\r\nDisposition: ${disposition}`,
];

test.each([
  ["read", "Read: Pump 7", "manual-action/MDN-sent-manually; displayed"],
  ["deleted, in German", "Ungelesen gelöscht: Pumpe 7", "automatic-action/MDN-sent-automatically; deleted"],
  ["dispatched, in no language we list", "Wuu akhriyey: pump", "automatic-action/MDN-sent-automatically; dispatched"],
])("a receipt opens nothing: %s", async (_, Subject, disposition) => {
  const type = "multipart/report; report-type=disposition-notification";
  expect(await kindOf(aMultipart(type, receipt(disposition), { Subject }))).toBe("auto_reply");
  expect(await kindOf(aMultipart("multipart/mixed", receipt(disposition), { Subject }))).toBe("auto_reply");
});

test.each(["delivered", "relayed", "expanded"])("good news of a delivery is no letter: %s", async (action) => {
  const mail = await readMail(
    aMultipart(
      "multipart/report; report-type=delivery-status",
      [
        "Content-Type: text/plain\r\n\r\nA report.",
        `Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;mx.test\r\n\r\nFinal-Recipient: rfc822;ann@example.com\r\nAction: ${action}\r\nStatus: 2.1.5`,
      ],
      { From: "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com>" },
    ),
  );
  expect(mail).toMatchObject({ kind: "auto_reply", bounce: null });
});

test("a receipt that a person attaches is a file", async () => {
  const [words = "", notice = ""] = receipt("displayed");
  const attached = notice.replace("\r\n\r\n", "\r\nContent-Disposition: attachment; filename=receipt.txt\r\n\r\n");
  expect(await kindOf(aMultipart("multipart/mixed", [words, attached]))).toBe("message");
});

test.each<[string, Record<string, string>, string]>([
  ["Mailman holds it", { From: "crew-bounces@lists.test", "X-List-Administrivia": "yes" }, "Held for approval."],
  ["fml refuses it", { From: "crew-admin@lists.test", "X-MLServer": "fml [4.0]" }, "会員ではありません"],
  ["a list's owner, in bulk", { From: "owner-crew@lists.test", Precedence: "bulk" }, "You are not a member of crew."],
  ["Listserv rejects it", { From: "LISTSERV@lists.test" }, "You are not authorized to send mail to the CREW list."],
  [
    "ezmlm asks back",
    { From: "crew-help@lists.test", "Mailing-List": "run by ezmlm" },
    "Confirm: you are not subscribed.",
  ],
  [
    "a list's robot answers",
    { From: "crew-request@lists.test", "In-Reply-To": "<1@desk.test>" },
    "Nur Mitglieder dürfen in diesen Verteiler schreiben.",
  ],
])("a list server's refusal is no letter: %s", async (_, headers, text) => {
  expect(await kindOf(aTextMail(text, headers))).toBe("auto_reply");
});

test("what a person writes through a list is a letter", async () => {
  const numbered = { "X-MLServer": "fml [4.0]", "X-Mail-Count": "00012", Precedence: "bulk" };
  expect(await kindOf(aTextMail("Who comes?", numbered))).toBe("message");
  const headers = { "List-Id": "<crew.lists.test>", Precedence: "list", Sender: "crew-bounces@lists.test" };
  expect(await kindOf(aTextMail("Who is a member of the crew?", headers))).toBe("message");
});

const EXCHANGE = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.test>";

test.each<[string, Record<string, string>, string, string | null]>([
  [
    "Exchange in Bulgarian",
    { From: EXCHANGE, Subject: "Не може да бъде доставено: Помпа" },
    "Съобщението до gone@customer.test не е доставено.",
    "gone@customer.test",
  ],
  [
    "Exchange in Thai",
    { From: EXCHANGE, Subject: "ไม่สามารถส่งได้: ปั๊ม" },
    "ไม่สามารถส่งข้อความถึง gone@customer.testได้",
    "gone@customer.test",
  ],
  [
    "Exchange in Korean, the particle at the address",
    { From: EXCHANGE, Subject: "배달되지 않음: 펌프" },
    "gone@customer.test에게 메시지를 배달하지 못했습니다.",
    "gone@customer.test",
  ],
  [
    "Exchange in Japanese, a full stop behind it",
    { From: EXCHANGE, Subject: "配信不能: ポンプ" },
    "宛先：gone@customer.test。",
    "gone@customer.test",
  ],
  [
    "Exchange in Chinese, brackets around it",
    { From: EXCHANGE, Subject: "未传递: 泵" },
    "无法传递到「gone@customer.test」，请检查。",
    "gone@customer.test",
  ],
  [
    "Exchange in Slovenian, naming us first",
    { From: EXCHANGE, To: "support@desk.test", Subject: "Ni dostavljeno: Črpalka" },
    "Sporočilo od support@desk.test za gone@customer.test ni bilo dostavljeno.",
    "gone@customer.test",
  ],
  [
    "a daemon that only says sorry",
    { From: "MAILER-DAEMON@mx.customer.test", Subject: "Your mail" },
    "Sorry.\n<gone@customer.test>: moved away.",
    "gone@customer.test",
  ],
  [
    "a daemon in a language nobody lists",
    { From: "Mail_Daemon@mx.customer.test", Subject: "Fariin" },
    "gone@customer.test: lama helin",
    "gone@customer.test",
  ],
  [
    "a daemon that says it is automatic",
    {
      From: "mailer-daemon@mx.customer.test",
      Subject: "Pump",
      "Auto-Submitted": "auto-replied",
      "In-Reply-To": "<1@desk.test>",
    },
    "…",
    null,
  ],
])("a failure report is known by its writer: %s", async (_, headers, text, recipient) => {
  const mail = await readMail(aTextMail(text, headers));
  expect(mail.kind).toBe("bounce");
  if (recipient) expect(mail.bounce?.recipient).toBe(recipient);
});

test("a refusal far down a long report of Exchange still tells its status", async () => {
  const trace = "Received: from a.test (2603:10a6::1) by b.test with HTTPS; Mon, 5 Jan 2026 10:00:00 +0000\n".repeat(
    90,
  );
  const text = `Üzenete nem érkezett meg: gone@customer.test\n\n${trace}\ngone@customer.test\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'`;
  const mail = await readMail(aTextMail(text, { From: EXCHANGE, Subject: "Kézbesítetlen: Szivattyú" }));
  expect(mail.bounce).toMatchObject({ status: "5.1.10", recipient: "gone@customer.test", permanent: true });
});

const original = (to: string, from = "support@desk.test") =>
  `Content-Type: message/rfc822\r\n\r\nFrom: ${from}\r\nTo: ${to}\r\nSubject: Pump\r\nMessage-ID: <7@desk.test>\r\n\r\nHello`;

test.each<[string, string, string]>([
  ["robot@ of a carrier", "robot@mobile.test", "宛先が見つかりません"],
  ["info@ of a carrier", "info@mobile.test", "この番号は使われていません"],
  ["an error address, in a language nobody lists", "error@mobile.test", "Fariintaadu ma gaadhin."],
  ["a no-reply address", "no-reply@mobile.test", "Mailbox suspended."],
])("our own mail, sent back by %s, was not delivered", async (_, From, text) => {
  const mail = await readMail(
    aMultipart(
      "multipart/mixed",
      [`Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`, original("dora@mobile.test")],
      {
        From,
        To: "support@desk.test",
        Subject: "メール送信エラーのお知らせ",
      },
    ),
  );
  expect(mail).toMatchObject({
    kind: "bounce",
    bounce: { recipient: "dora@mobile.test", originalMessageId: "7@desk.test" },
  });
});

test.each<[string, Record<string, string>, string, string[]]>([
  [
    "attaches a mail of her own",
    { Subject: "Delivery failure since Monday" },
    'They come back: "550 5.1.1 user unknown".',
    [original("billing@desk.test", "ann@example.com")],
  ],
  [
    "attaches the mail of ours that she got",
    { Subject: "Mail delivery failed?" },
    "Your mail was rejected by my colleague, I got it: 550 5.1.1",
    [original("ann@example.com")],
  ],
  [
    "quotes the server's answer in French",
    { Subject: "Message non remis : que faire ?" },
    "« 550 5.7.1 refused », dit le serveur.",
    [],
  ],
  [
    "keeps the mail server",
    { From: "Postmaster <postmaster@example.com>", Subject: "Undeliverable mail to your domain" },
    "Your server answers billing@desk.test with 550 5.7.1 relaying denied.",
    [],
  ],
  [
    "keeps the mail server, and her server says who sent it",
    { From: "postmaster@example.com", "Return-Path": "<postmaster@example.com>", Subject: "Delivery failure" },
    "bob@other.test: 550 5.7.1 relaying denied. Why?",
    [],
  ],
  [
    "keeps the mail server, and greets",
    { From: "postmaster@example.com", Subject: "Returned mail" },
    "Your mails to info@other.test come back, why?",
    [],
  ],
  [
    "forwards a report with its parts",
    { Subject: "Fwd: Undeliverable: Pump" },
    "See below, what now?",
    [
      "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;mx.test\r\n\r\nFinal-Recipient: rfc822;gone@example.com\r\nAction: failed\r\nStatus: 5.1.1",
    ],
  ],
  [
    "forwards a report that was attached",
    { Subject: "Undeliverable mail, attached" },
    "It could not be delivered, why?",
    [original("gone@example.com", "MAILER-DAEMON@mx.test")],
  ],
])("a person who tells of a bounce is a person: she %s", async (_, headers, text, files) => {
  const parts = [`Content-Type: text/plain; charset=utf-8\r\n\r\nHello,\r\n\r\n${text}\r\n\r\nAnn`, ...files];
  const mail = await readMail(aMultipart("multipart/mixed", parts, { To: "support@desk.test", ...headers }));
  expect(mail).toMatchObject({ kind: "message", bounce: null });
});

const group = (who: string, action: string, status: string) =>
  `Final-Recipient: rfc822;${who}@example.com\r\nAction: ${action}\r\nStatus: ${status}\r\n\r\n`;

test("of several recipients in a report the one who failed for good counts, in whatever order", async () => {
  const groups = [
    group("late", "delayed", "4.4.1"),
    group("fine", "delivered", "2.0.0"),
    group("full", "failed", "4.2.2"),
    group("gone", "failed", "5.1.1"),
  ];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(groups, { minLength: 4 }), async (some) => {
      const mail = await readMail(
        aMultipart("multipart/report; report-type=delivery-status", [
          "Content-Type: text/plain\r\n\r\nSome of them.",
          `Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;mx.test\r\n\r\n${some.join("")}`,
        ]),
      );
      expect(mail.bounce).toMatchObject({ recipient: "gone@example.com", status: "5.1.1", permanent: true });
    }),
  );
});
