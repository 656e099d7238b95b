import { expect, test } from "@jest/globals";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { anAnswer, anHtmlAnswer } from "./mails.ts";

const ANSWER = "Ja, please send it.\n\nAnn";

/** The line above the quote, as mail programs write it. */
const ATTRIBUTIONS: [language: string, line: string][] = [
  ["English (Gmail)", "On Mon, Jan 5, 2026 at 10:00 AM Bob Stone <bob@example.com> wrote:"],
  ["English (Apple Mail)", "On 5 Jan 2026, at 10:00, Bob Stone <bob@example.com> wrote:"],
  ["English (Thunderbird)", "On 05/01/2026 10:00, Bob Stone wrote:"],
  ["German (Gmail)", "Am Mo., 5. Jan. 2026 um 10:00 Uhr schrieb Bob Stone <bob@example.com>:"],
  ["German (Apple Mail)", "Am 05.01.2026 um 10:00 schrieb Bob Stone <bob@example.com>:"],
  ["French (Gmail)", "Le lun. 5 janv. 2026 à 10:00, Bob Stone <bob@example.com> a écrit :"],
  ["Spanish", "El lun, 5 ene 2026 a las 10:00, Bob Stone (<bob@example.com>) escribió:"],
  ["Italian", "Il giorno lun 5 gen 2026 alle ore 10:00 Bob Stone <bob@example.com> ha scritto:"],
  ["Dutch (Gmail)", "Op ma 5 jan 2026 om 10:00 schreef Bob Stone <bob@example.com>:"],
  ["Dutch (Apple Mail)", "Op 5 jan. 2026, om 10:00 heeft Bob Stone <bob@example.com> het volgende geschreven:"],
  ["Portuguese", "Em seg., 5 de jan. de 2026 às 10:00, Bob Stone <bob@example.com> escreveu:"],
  ["Polish (Gmail)", "pon., 5 sty 2026 o 10:00 Bob Stone <bob@example.com> napisał(a):"],
  ["Polish (Thunderbird)", "W dniu 5.01.2026 o 10:00, Bob Stone pisze:"],
  ["Czech", "po 5. 1. 2026 v 10:00 odesílatel Bob Stone <bob@example.com> napsal:"],
  ["Swedish", "Den mån 5 jan. 2026 kl 10:00 skrev Bob Stone <bob@example.com>:"],
  ["Danish", "Den man. 5. jan. 2026 kl. 10.00 skrev Bob Stone <bob@example.com>:"],
  ["Norwegian", "man. 5. jan. 2026 kl. 10:00 skrev Bob Stone <bob@example.com>:"],
  ["Finnish", "ma 5. tammik. 2026 klo 10.00 Bob Stone (bob@example.com) kirjoitti:"],
  ["Turkish", "Bob Stone <bob@example.com>, 5 Oca 2026 Pzt, 10:00 tarihinde şunu yazdı:"],
  ["Russian", "пн, 5 янв. 2026 г. в 10:00, Bob Stone <bob@example.com>:"],
  ["Russian (Thunderbird)", "05.01.2026 10:00, Bob Stone пишет:"],
  ["Ukrainian", "пн, 5 січ. 2026 р. о 10:00 Bob Stone <bob@example.com> пише:"],
  ["Hungarian", "Bob Stone <bob@example.com> ezt írta (időpont: 2026. jan. 5., H, 10:00):"],
  ["Romanian", "În lun., 5 ian. 2026 la 10:00, Bob Stone <bob@example.com> a scris:"],
  ["Greek", "Στις Δευ 5 Ιαν 2026 στις 10:00 π.μ., ο χρήστης Bob Stone <bob@example.com> έγραψε:"],
  ["Japanese (Gmail)", "2026年1月5日(月) 10:00 Bob Stone <bob@example.com>:"],
  ["Japanese (Apple Mail)", "2026/01/05 10:00、Bob Stone <bob@example.com>のメール:"],
  ["Chinese", "Bob Stone <bob@example.com> 于2026年1月5日周一 10:00写道："],
  ["Korean", "2026년 1월 5일 (월) 오전 10:00, Bob Stone <bob@example.com>님이 작성:"],
];

test.each(ATTRIBUTIONS)("%s: what stands below the line above a quote is not new", async (_, line) => {
  const marked = await readMail(anAnswer(`${ANSWER}\n\n${line}\n\n> Shall I send the pump?\n> Bob`));
  expect(marked.visibleText).toBe(ANSWER);
  const unmarked = await readMail(anAnswer(`${ANSWER}\n\n${line}\n\nShall I send the pump?\nBob`));
  expect(unmarked.visibleText).toBe(ANSWER);
  expect(unmarked.quotedText).toContain("Shall I send the pump?");
});

/** From, Sent, To, Subject, as Outlook writes them. */
const HEADER_BLOCKS: [language: string, from: string, sent: string, to: string, subject: string][] = [
  ["English", "From:", "Sent:", "To:", "Subject:"],
  ["German", "Von:", "Gesendet:", "An:", "Betreff:"],
  ["French", "De :", "Envoyé :", "À :", "Objet :"],
  ["Spanish", "De:", "Enviado:", "Para:", "Asunto:"],
  ["Italian", "Da:", "Inviato:", "A:", "Oggetto:"],
  ["Dutch", "Van:", "Verzonden:", "Aan:", "Onderwerp:"],
  ["Portuguese", "De:", "Enviada em:", "Para:", "Assunto:"],
  ["Polish", "Od:", "Wysłano:", "Do:", "Temat:"],
  ["Czech", "Od:", "Odesláno:", "Komu:", "Předmět:"],
  ["Swedish", "Från:", "Skickat:", "Till:", "Ämne:"],
  ["Danish", "Fra:", "Sendt:", "Til:", "Emne:"],
  ["Finnish", "Lähettäjä:", "Lähetetty:", "Vastaanottaja:", "Aihe:"],
  ["Turkish", "Kimden:", "Gönderildi:", "Kime:", "Konu:"],
  ["Russian", "От:", "Отправлено:", "Кому:", "Тема:"],
  ["Japanese", "差出人:", "送信日時:", "宛先:", "件名:"],
  ["Chinese", "发件人:", "发送时间:", "收件人:", "主题:"],
  ["Hungarian", "Feladó:", "Elküldve:", "Címzett:", "Tárgy:"],
  ["Korean", "보낸 사람:", "보낸 날짜:", "받는 사람:", "제목:"],
];

const block = ([, from, sent, to, subject]: (typeof HEADER_BLOCKS)[number]) =>
  `${from} Bob Stone <bob@example.com>\n${sent} 5.1.2026 10:00\n${to} Ann Miller <ann@example.com>; Carl <carl@example.com>\n${subject} The pump`;

test.each(HEADER_BLOCKS)("%s: Outlook's header block ends the new words of an answer", async (...words) => {
  const mail = await readMail(
    anAnswer(`${ANSWER}\n\n________________________________\n${block(words)}\n\nShall I send it?`, {
      Subject: "RE: The pump",
    }),
  );
  expect(mail.visibleText).toBe(ANSWER);
  expect(mail.forward).toBeNull();
});

test.each(HEADER_BLOCKS)("%s: under a forward's subject the same block names the author", async (...words) => {
  const mail = await readMail(
    anAnswer(`Please see below.\n\n${block(words)}\n\nMy pump is broken.`, { Subject: "WG: The pump" }),
  );
  expect(mail.forward).toMatchObject({ from: { name: "Bob Stone", address: "bob@example.com" }, subject: "The pump" });
  expect(mail.forward?.to.map(({ address }) => address)).toEqual(["ann@example.com", "carl@example.com"]);
  expect(mail.visibleText).toBe("Please see below.");
});

test.each([
  [
    "Gmail",
    `<div dir="ltr">Yes, please.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Jan 5, 2026 at 10:00 AM Bob &lt;<a href="mailto:bob@example.com">bob@example.com</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">Old words</blockquote></div>`,
  ],
  [
    "Outlook for Windows",
    `<div class="WordSection1"><p class="MsoNormal">Yes, please.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Von:</b> Bob &lt;bob@example.com&gt; <br><b>Gesendet:</b> Montag, 5. Januar 2026 10:00<br><b>An:</b> Ann<br><b>Betreff:</b> Pump</p></div></div><p class="MsoNormal">Old words</p></div>`,
  ],
  [
    "Outlook on the web",
    `<div>Yes, please.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>From:</b> Bob<br><b>Sent:</b> Monday</font></div><div>Old words</div>`,
  ],
  [
    "Apple Mail",
    `<html><body>Yes, please.<br><div><br><blockquote type="cite"><div>On 5 Jan 2026, at 10:00, Bob &lt;bob@example.com&gt; wrote:</div><br><div>Old words</div></blockquote></div></body></html>`,
  ],
  [
    "Thunderbird",
    `<p>Yes, please.</p><div class="moz-cite-prefix">Am 05.01.26 um 10:00 schrieb Bob:<br></div><blockquote type="cite" cite="mid:1@example.com"><p>Old words</p></blockquote>`,
  ],
  [
    "Yahoo",
    `<div>Yes, please.</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, January 5, 2026, Bob wrote:</div><div>Old words</div></div>`,
  ],
  [
    "Proton",
    `<div>Yes, please.</div><div class="protonmail_signature_block">Sent with Proton Mail</div><div class="protonmail_quote">On Monday, Bob wrote:<br><blockquote>Old words</blockquote></div>`,
  ],
])("%s: quoted HTML is folded, and nothing of it is lost", async (_, html) => {
  const mail = await readMail(anHtmlAnswer(html));
  expect(mail.visibleText).toBe("Yes, please.");
  expect(mail.visibleHtml).not.toContain("Old words");
  expect(mail.quotedHtml).toContain("Old words");
  expect(mail.html).toContain("Old words");
});

test("answers between the questions keep the questions", async () => {
  const mail = await readMail(
    anAnswer(
      "Hello Bob,\n\nOn Mon, Jan 5, 2026 at 10:00 AM Bob <bob@example.com> wrote:\n> Which pump?\nNumber 7.\n> When?\nTomorrow.\n\n> Bye, Bob",
    ),
  );
  expect(mail.visibleText).toContain("> Which pump?\nNumber 7.\n> When?\nTomorrow.");
  expect(mail.visibleText).not.toMatch(/wrote|Bye/);
});

test("the ends of quoted lines that a program wrapped are quoted", async () => {
  const mail = await readMail(
    anAnswer(
      'Thanks.\n\nOn Jan 5, 2026 10:00 AM, "Bob" <bob@example.com> wrote:\n>\n> The pump that you ordered last week is ready and can be collected at any\ntime from Monday on.\n> Bring the letter that we sent you in December, the one with the green\nstamp on it.\n>\n> Bob',
    ),
  );
  expect(mail.visibleText).toBe("Thanks.");
});

test("an answer below the quote is new, the quote is not", async () => {
  const mail = await readMail(
    anAnswer("On Mon, Jan 5, 2026 at 10:00 AM Bob <bob@example.com> wrote:\n> Which pump?\n> Bob\n\nNumber 7."),
  );
  expect(mail.visibleText).toBe("Number 7.");
});

test.each([
  "-- \nAnn Miller\nSales",
  "--\nAnn Miller",
  "Sent from my iPhone",
  "Von meinem iPhone gesendet",
  "Envoyé de mon iPhone",
  "Get Outlook for Android",
  "Enviado desde mi iPhone",
  "Skickat från min iPhone",
  "Wysłane z iPhone’a",
  "Отправлено с iPhone",
  "iPhoneから送信",
])("the signature %j is no new word", async (signature) => {
  const mail = await readMail(anAnswer(`${ANSWER}\n\n${signature}`));
  expect(mail.visibleText).toBe(ANSWER);
  expect(mail.quotedText).toBe(signature);
});

test.each([
  "On the other hand, Ann wrote that the pump is fine:\n- it runs\n- it is quiet",
  "From: means the sender. To: means us.",
  "Our address:\nFrom Monday to Friday\nTo: the left door",
  "Sent from the office on Monday, the parcel must be with you by now.\n\nPlease look.\n\nIt is blue.\n\nAnd heavy.\n\nThanks!",
  "The values are\n> 5 bar\nand\n> 60 degrees\nas you said.",
  "Date: Monday\nTime: 10:00\nPlace: Berlin",
])("words that look a little like a quote stay: %j", async (text) => {
  expect((await readMail(anAnswer(text))).visibleText).toBe(text);
});

test.each([
  ["a rule", "<hr>"],
  ["a rule in a block of its own", '<div><br></div><div><hr tabindex="-1"></div><div>&nbsp;</div>'],
  ["lone dashes", "<div>--------</div><hr>"],
])("%s above the history goes with the history", async (_, separator) => {
  const history = '<div id="divRplyFwdMsg"><b>From:</b> Bob<br><b>Sent:</b> Monday</div><div>Old words</div>';
  const answered = await readMail(anHtmlAnswer(`<p>Above</p><hr><p>Yes, please.</p>${separator}${history}`));
  expect(answered.visibleHtml).toMatch(/<hr[^>]*>.*Yes, please\.<\/p>$/s);
  expect(answered.visibleHtml.match(/<hr/g)).toHaveLength(1);
  const alone = await readMail(anHtmlAnswer(`<p>Yes, please.</p><hr>`));
  expect(alone.visibleHtml).toContain("<hr");
});
