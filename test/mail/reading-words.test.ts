import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { anAnswer, anHtmlAnswer, anHtmlMail, aTextMail } from "./mails.ts";

const ANSWER = "Yes, please send it.\n\nAnn";
const QUOTED = "Shall I send the pump?";

/** What people write in a letter that looks like an earlier mail, or like a signature. */
const OWN: [what: string, words: string][] = [
  ["a move", "From: Hall B, door 3\nTo: Hall C, door 9\nDate: 5 January 2026"],
  ["a German move", "Von: Lager Nord\nAn: Lager Süd\nDatum: 5. Januar 2026\nBetreff: Umzug der Pumpe"],
  ["a form", "From: Bob Stone <bob@example.com>\nDate: 5 January 2026 10:00\nSubject: Opening hours"],
  [
    "a French form",
    "De : Bob Stone <bob@example.com>\nEnvoyé : lundi 5 janvier 2026 10:00\nÀ : info@desk.test\nObjet : Horaires",
  ],
  [
    "the header of a refused mail",
    "From: Bob <bob@example.com>\nTo: Eve <eve@desk.test>\nDate: Mon, 5 Jan 2026 10:00:00 +0100\nSubject: Pump",
  ],
  ["a log", "-----Original Message-----\nstands above each record"],
  ["a log in German", "-------- Ursprüngliche Nachricht --------\nsteht im Protokoll"],
  ["what a colleague wrote", 'On Monday, 5 January 2026, your colleague Ben wrote:\n"We will come at nine."'],
  [
    "what a colleague wrote, with address",
    'On Mon, 5 Jan 2026 at 10:00, Ben <ben@desk.test> wrote:\n"We will come at nine."',
  ],
  ["SQL", "-- \nselect * from orders;\n-- \nselect * from lines;"],
  ["a list below dashes", "--\n3 chairs\n2 tables\n1 lamp"],
  ["a table", "Name   Count\n--\nchairs 3"],
  ["marked lines", "> ERROR 5\n> CALL SERVICE"],
  ["a colleague's lines", "Ben wrote:\n> we come at nine\n> and bring the part"],
  [
    "a chat",
    "On 2026-01-05 at 10:00 Ben <ben@desk.test> wrote:\nhello\nOn 2026-01-05 at 10:01 Ann <ann@example.com> wrote:\nhi",
  ],
  ["a patch", "--- a/pump.c\n+++ b/pump.c\n@@ -1 +1 @@\n-old\n+new"],
  ["headings between dashes", "-- Order --\n2 pumps\n\n-- Address --\nHall C"],
  ["a journey", "Von: Hamburg\nNach: Berlin\nDatum: 3.7.2026\nPersonen: 2"],
  ["what a gateway adds", "---------- Forwarded message ----------\nis what our gateway adds"],
  ["a rule", "____________________\nFrom Monday to Friday: closed"],
  ["a ticket's marker", "##- Please type your reply above this line -##\nstands in each of your mails"],
  ["a sentence about sending", "Sent by courier on Monday\nand not here yet"],
];

test.each(OWN)("a letter is never cut at its own words: %s", async (_, words) => {
  const text = `Hello,\n\nplease look at this:\n\n${words}\n\nThe movers need the key of the hall. Can you bring it?\n\nAnn`;
  const mail = await readMail(aTextMail(text));
  expect(mail.visibleText).toBe(text);
  expect(mail.quotedText).toBe("");
  const html = `<p>${text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replaceAll("\n", "<br>")}</p>`;
  const { visibleText, quotedHtml } = await readMail(anHtmlMail(html));
  expect(visibleText.replace(/\s+/g, " ")).toBe(text.replace(/\s+/g, " "));
  expect(quotedHtml).toBe("");
});

test("a letter of such lines in any order is shown whole", async () => {
  const lines = fc.array(fc.constantFrom(...OWN.map(([, words]) => words), "", "Hello", "Ann"), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(lines, async (some) => {
      const text = `Hello,\n\n${some.join("\n\n")}\n\nWhen will you come?\n\nAnn`;
      expect((await readMail(aTextMail(text))).visibleText).toBe(text.trimEnd());
    }),
  );
});

test.each([
  ["a move in an answer", "From: Hall B\nTo: Hall C\nDate: 5 January 2026"],
  ["what a colleague wrote", 'On Monday, 5 January 2026, your colleague Ben wrote:\n"We will come at nine."'],
  ["SQL", "Two queries:\n-- \nselect 1;\n-- \nselect 2;\n\nWhich one is slow?"],
  ["a rule", "Our offer\n____________________\nThe two pumps cost 900 euros."],
  ["a row of dashes", "Item title: Pump 7\n-----------------------------\nUnfortunately it is broken."],
  ["a visit", "Contact: Bob Stone <bob@example.com>\nTime: 10:00\nPlace: Berlin"],
])("an answer is not cut either at %s", async (_, words) => {
  const text = `Hello,\n\n${words}\n\nNobody came. Will you?\n\nAnn`;
  expect((await readMail(anAnswer(text))).visibleText).toBe(text);
});

/** The line above a quote in languages and shapes that programs write. */
test.each([
  ["Catalan", "Missatge de Bob Stone <bob@example.com> del dia dl., 5 de gen. 2026 a les 10:00:"],
  ["Catalan (Apple Mail)", "El dia 5 gen 2026, a les 10:00, Bob Stone <bob@example.com> va escriure:"],
  ["Persian", "در تاریخ دوشنبه ۵ ژانویهٔ ۲۰۲۶ ساعت ۱۰:۰۰ Bob Stone <bob@example.com> نوشت:"],
  ["Serbian", "пон, 5. јан 2026. у 10:00 Bob Stone <bob@example.com> је написао/ла:"],
  ["Lithuanian", "2026-01-05, pr, 10:00 Bob Stone <bob@example.com> rašė:"],
  ["Latvian", "pirmd., 2026. g. 5. janv., plkst. 10:00 — lietotājs Bob Stone (<bob@example.com>) rakstīja:"],
  ["Slovenian", "V V pon., 5. jan. 2026 ob 10:00 je oseba Bob Stone <bob@example.com> napisala:"],
  ["Estonian", "Kuupäev: E, 5. jaanuar 2026, kell 10:00, Bob Stone <bob@example.com> kirjutas:"],
  ["Vietnamese", "Vào Th 2, 5 thg 1, 2026 vào lúc 10:00 Bob Stone <bob@example.com> đã viết:"],
  ["Thai", "ในวันที่ จ. 5 ม.ค. 2026 เวลา 10:00 Bob Stone <bob@example.com> เขียนว่า:"],
  ["Indonesian", "Pada tanggal Sen, 5 Jan 2026 pukul 10.00 Bob Stone <bob@example.com> menulis:"],
  ["Hindi", "सोम, 5 जन॰ 2026 को 10:00 पर Bob Stone <bob@example.com> ने लिखा:"],
  ["Icelandic", "mán., 5. jan. 2026 kl. 10:00 skrifaði Bob Stone <bob@example.com>:"],
  ["Basque", "Bob Stone <bob@example.com> igorleak hau idatzi du (2026 urt. 5, al. 10:00):"],
  [
    "Hebrew, with its directions marked",
    "\u202bבתאריך יום ב׳, 5 בינו׳ 2026 ב-10:00 מאת \u202aBob Stone\u202c\u200f <\u202abob@example.com\u202c\u200f>:\u202c",
  ],
  [
    "Arabic, with its directions marked",
    "\u202aفي الاثنين، 5 يناير 2026 في 10:00 ص تمت كتابة ما يلي بواسطة \u202aBob Stone\u202c\u200f <\u202abob@example.com\u202c\u200f>:\u202c",
  ],
  ["Latvian, broken", "P , 2026. gada 5. janv., plkst. 10:00 — lietotājs Bob Stone (<bob@example.com>)\nrakstīja:"],
  ["Hungarian, broken twice", "Bob Stone\n<bob@example.com> ezt írta\n(időpont: 2026. jan. 5., H, 10:00):"],
  ["Chinese, broken", "Bob Stone\n<bob@example.com> 于2026年1月5日周一\n10:00写道："],
  ["webmail of old", "Quoting Bob Stone <bob@example.com>:"],
  ["Mutt", "* Bob Stone <bob@example.com> [2026-01-05 10:00]:"],
  ["a language nobody lists", "Isn, 5 Qun 2026 ba 10:00 Bob Stone <bob@example.com> xo tuxla:"],
])("above a quote in %s", async (_, line) => {
  for (const below of [QUOTED, `> ${QUOTED}`]) {
    const mail = await readMail(anAnswer(`${ANSWER}\n\n${line}\n\n${below}`));
    expect(mail.visibleText).toBe(ANSWER);
  }
});

test.each([
  ["behind the bracket, without a verb", "2026-01-05 10:00 GMT+01:00 Bob Stone <\nbob@example.com>:"],
  ["behind the bracket, with a verb", "On Mon, Jan 5, 2026 at 10:00 AM Bob Stone <\nbob@example.com> wrote:"],
  ["inside the address's brackets, in German", "Am 05.01.2026 um 10:00 schrieb Bob Stone <\nbob@example.com\n>:"],
  ["by blank lines", "On Mon, 5 Jan 2026 at 10:00 Bob Stone\n\n<\nmailto:bob@example.com\n> wrote:"],
  ["by a blank line before the address", "Le lun. 5 janv. 2026 à 10:00, Bob Stone\n\n<bob@example.com> a écrit :"],
  ["three times", "On Monday,\nJanuary 5, 2026 10:00,\nBob Stone <bob@example.com>\nwrote:"],
])("a line above a quote that was broken %s", async (_, line) => {
  for (const below of [QUOTED, `> ${QUOTED}`]) {
    const mail = await readMail(anAnswer(`${ANSWER}\n\n${line}\n\n${below}`));
    expect(mail.visibleText).toBe(ANSWER);
  }
});

test.each([
  ["dashes", "Both are here.--- On Mon, Jan 5, 2026 at 10:00 AM, bob@example.com wrote:", "Both are here."],
  ["more dashes", "The red one ---- On 5 Jan 2026, at 10:00, Bob Stone <bob@example.com> wrote:", "The red one"],
  [
    "a full stop",
    "The red one, thanks. On Mon, 5 Jan 2026 at 10:00, Bob Stone <bob@example.com> wrote:",
    "The red one, thanks.",
  ],
  ["a full stop, in German", "Die rote. Am 05.01.2026 um 10:00 schrieb Bob Stone <bob@example.com>:", "Die rote."],
])("words on the line above a quote are shown: %s", async (_, line, own) => {
  for (const below of [QUOTED, `> ${QUOTED}`]) {
    const mail = await readMail(anAnswer(`Hello Bob,\n${line}\n${below}`));
    expect(mail.visibleText).toBe(`Hello Bob,\n${own}`);
    const html = `<div>Hello Bob,</div><div>${line.replace(/</g, "&lt;")}</div><blockquote type="cite">${QUOTED}</blockquote>`;
    expect((await readMail(anHtmlAnswer(html))).visibleText).toContain(own);
  }
});

test("an odd label between the lines of a header does not end it", async () => {
  for (const odd of ["Risposta: Bob", "Priorità: alta", "X-Prio: 3", "Firma: RSA"]) {
    const block = `Da: Bob Stone\n${odd}\nData: lunedì 5 gennaio 2026 10:00\nA: Ann\nOggetto: Pompa`;
    expect((await readMail(anAnswer(`${ANSWER}\n\n${block}\n\n${QUOTED}`))).visibleText).toBe(ANSWER);
  }
});

test.each([
  "##- Please type your reply above this line -##",
  "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein -##",
  "##- Wuu ka sarreeya -##",
  "-- Please reply above this line --",
  "=== Reply above this line ===",
  "[Please respond above this line]",
  "Please type your reply above this line",
  "Bitte antworten Sie oberhalb dieser Zeile.",
  "Merci de répondre au-dessus de cette ligne",
  "Por favor, escriba su respuesta por encima de esta línea",
  "Si prega di rispondere sopra questa riga",
  "Odpowiedz powyżej tej linii",
  "Odpovězte prosím nad tento řádek",
  "Skriv ditt svar ovanför den här raden",
  "Пожалуйста, пишите ответ выше этой линии",
  "この線より上に返信してください",
  "请在此行上方回复",
  "이 줄 위에 답장을 입력하세요",
])("another desk's marker ends what is new: %s", async (marker) => {
  for (const mail of [
    await readMail(anAnswer(`${ANSWER}\n\n${marker}\n\nTicket 12 was updated.`)),
    await readMail(
      anHtmlAnswer(`<p>Yes, please send it.</p><p>Ann</p><div>${marker}</div><div>Ticket 12 was updated.</div>`),
    ),
  ])
    expect(mail.visibleText).toBe(ANSWER);
});

test.each([
  "Küldve az iPhone-omról",
  "Androidról küldve",
  "Στάλθηκε από το iPad μου",
  "נשלח מה-iPhone שלי",
  "أُرسلت من الـ iPhone",
  "ส่งจาก iPhone ของฉัน",
  "Đã gửi từ iPhone của tôi",
  "Dikirim dari iPhone saya",
  "Poslano s mog iPhone uređaja",
  "Enviat des del meu iPhone",
  "Saadetud minu iPhone'ist",
  "Išsiųsta iš mano iPhone",
  "나의 iPhone에서 보냄",
  "Holen Sie sich Outlook für iOS<https://aka.ms/o0ukef>",
  "Outlook für iOS beziehen <https://aka.ms/o0ukef>",
  "Télécharger Outlook pour Android<https://aka.ms/AAb9ysg>",
  "Obtener Outlook para Android",
  "Pobierz aplikację Outlook dla systemu Android",
  "Yahoo Mail: Search, Organize, Conquer<https://mail.example.com/app?x=1>",
  "Sent from Yahoo Mail for iPhone",
  "Sent from my Galaxy",
])("the line of a phone or an app is no new word: %s", async (footer) => {
  const mail = await readMail(anAnswer(`${ANSWER}\n\n${footer}`));
  expect(mail).toMatchObject({ visibleText: ANSWER, quotedText: footer });
});

test.each([
  "Sent by courier on Monday",
  "Sent from my phone yesterday, and nobody answered.",
  "iPhone 15 Pro",
  "Outlook for Android",
  "Was it sent from my iPhone?",
  "Gesendet wurde es am Montag",
])("a last line about phones and parcels is a word of the writer: %s", async (line) => {
  expect((await readMail(anAnswer(`Hello,\n\n${line}`))).visibleText).toBe(`Hello,\n\n${line}`);
});

test.each([
  [
    "in the middle of an address",
    "> Please try the page that we made for this pump at https://help.desk.test/pump?step\n=1&lang=en and tell us.\n>\n> Bob",
  ],
  [
    "in the middle of a path",
    "> See the whole description with all pictures at https://help.desk.test/pumps/\nseven/manual.pdf\n> and call us.\n> Bob",
  ],
  [
    "in the middle of a sentence",
    "> The pump that you have ordered in December will be sent to the\nnew address on Friday.\n> Bob",
  ],
  ["before a number", "> The pump that you have ordered in December will be sent on January\n12 by courier.\n> Bob"],
])("a quoted line that was wrapped %s is quoted whole", async (_, quote) => {
  const line = "On Mon, 5 Jan 2026 at 10:00, Bob Stone <bob@example.com> wrote:";
  expect((await readMail(anAnswer(`${ANSWER}\n\n${line}\n\n${quote}`))).visibleText).toBe(ANSWER);
});

test("an answer between quoted lines stays", async () => {
  const text =
    "> Which of the two pumps that you have ordered in December is broken?\nThe red one.\n> And which address should our colleague from the workshop go to?\nHall C.";
  expect((await readMail(anAnswer(text))).visibleText).toBe(text);
});

const outlook =
  '<hr><div id="divRplyFwdMsg"><b>From:</b> Bob &lt;bob@example.com&gt;<br><b>Sent:</b> Monday, January 5, 2026 10:00 AM<br><b>To:</b> Ann<br><b>Subject:</b> Pump</div><div>Shall I?</div>';

test.each([
  [
    "Outlook",
    `<div>See you.</div><div id="Signature"><p>Ann Miller</p><p>Sales</p></div><p>Bring the key of the hall.</p>${outlook}`,
  ],
  [
    "Outlook on the web",
    `<div>See you.</div><div class="elementToProof" id="Signature"><div>Ann Miller</div></div><div><br></div><div>Bring the key of the hall.</div><div id="appendonsend"></div>${outlook}`,
  ],
  [
    "Gmail, below the quote",
    '<div dir="ltr">See you.</div><div class="gmail_quote"><div class="gmail_attr">On Mon, Jan 5, 2026 at 10:00 AM Bob &lt;bob@example.com&gt; wrote:<br></div><blockquote class="gmail_quote">Shall I?</blockquote></div><br>-- <br><div class="gmail_signature">Ann Miller<br>Sales</div><div>Bring the key of the hall.</div>',
  ],
  [
    "Gmail, with a prefix",
    '<div>See you.</div><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature" data-smartmail="gmail_signature">Ann Miller</div><div>Bring the key of the hall.</div>',
  ],
  ["Thunderbird", '<p>See you.</p><div class="moz-signature">-- <br>Ann Miller</div><p>Bring the key of the hall.</p>'],
  [
    "Proton",
    '<div>See you.</div><div class="protonmail_signature_block"><div>Ann Miller</div></div><div>Bring the key of the hall.</div>',
  ],
])("words behind the signature are shown: %s", async (_, html) => {
  const mail = await readMail(anHtmlAnswer(html));
  expect(mail.visibleText).toContain("See you.");
  expect(mail.visibleText).toContain("Bring the key of the hall.");
  expect(mail.visibleText).not.toMatch(/Ann Miller|Shall I/);
  expect(mail.visibleHtml).toContain("Bring the key of the hall.");
});

test("a postscript below a signature is shown, the signature is not", async () => {
  const mail = await readMail(anAnswer("See you.\n\n-- \nAnn Miller\nSales\n\nPS: Bring the key of the hall."));
  expect(mail.visibleText).toBe("See you.\n\nPS: Bring the key of the hall.");
});

test.each([
  ["display", '<div style="display:none">Junk</div>'],
  ["display and more", '<span style="display:none !important;font-size:1px;max-height:0;opacity:0">Junk</span>'],
  ["an outer element", '<div style="display:none"><table><tr><td><b>Junk</b></td></tr></table></div>'],
  ["visibility", '<div style="visibility:hidden">Junk</div>'],
  ["no height", '<div style="max-height:0px;overflow:hidden">Junk</div>'],
  ["opacity", '<div style="opacity:0">Junk</div>'],
  ["an attribute", "<div hidden>Junk</div>"],
  ["Outlook's own property", '<div style="mso-hide:all;display:none">Junk</div>'],
  ["a class of the page", "<style>.preheader{display:none !important;}</style><div class=preheader>Junk</div>"],
])("hidden text is no word of the mail: hidden by %s", async (_, hidden) => {
  const mail = await readMail(anHtmlMail(`${hidden}<p>Real words</p>`));
  expect(mail.text).toBe("Real words");
  expect(mail.html + mail.visibleHtml + mail.quotedHtml).not.toContain("Junk");
});

test.each([
  ["small print", '<p style="font-size:9px;line-height:1">Words</p>'],
  [
    "a cell without size around words that have one",
    '<table><tr><td style="font-size:0"><span style="font-size:14px">Words</span></td></tr></table>',
  ],
  ["an element that scrolls", '<div style="max-height:200px;overflow:hidden">Words</div>'],
  [
    "a class that hides on a phone only",
    "<style>@media (max-width:480px){.wide{display:none}}</style><div class=wide>Words</div>",
  ],
])("what a reader sees stays: %s", async (_, html) => {
  expect((await readMail(anHtmlMail(html))).text).toBe("Words");
});
