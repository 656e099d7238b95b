import { expect, test } from "@jest/globals";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { aTextMail } from "./mails.ts";

const author = { name: "Bob Stone", address: "bob@example.com" };

/** What Apple Mail writes above a forward, and its labels for From, Subject, Date, To. */
const APPLE: [language: string, separator: string, from: string, subject: string, date: string, to: string][] = [
  ["English", "Begin forwarded message:", "From", "Subject", "Date", "To"],
  ["German", "Anfang der weitergeleiteten Nachricht:", "Von", "Betreff", "Datum", "An"],
  ["French", "Début du message réexpédié :", "De", "Objet", "Date", "À"],
  ["Spanish", "Inicio del mensaje reenviado:", "De", "Asunto", "Fecha", "Para"],
  ["Italian", "Inizio messaggio inoltrato:", "Da", "Oggetto", "Data", "A"],
  ["Dutch", "Begin doorgestuurd bericht:", "Van", "Onderwerp", "Datum", "Aan"],
  ["Portuguese", "Início da mensagem encaminhada:", "De", "Assunto", "Data", "Para"],
  ["Polish", "Początek przekazywanej wiadomości:", "Od", "Temat", "Data", "Do"],
  ["Czech", "Začátek přeposílané zprávy:", "Od", "Předmět", "Datum", "Komu"],
  ["Swedish", "Vidarebefordrat mejl:", "Från", "Ämne", "Datum", "Till"],
  ["Danish", "Start på videresendt besked:", "Fra", "Emne", "Dato", "Til"],
  ["Finnish", "Välitetty viesti alkaa:", "Lähettäjä", "Aihe", "Päivämäärä", "Vastaanottaja"],
  ["Turkish", "İleti başlangıcı:", "Kimden", "Konu", "Tarih", "Kime"],
  ["Russian", "Начало переадресованного сообщения:", "От", "Тема", "Дата", "Кому"],
  ["Romanian", "Începe mesajul redirecționat:", "Expeditorul", "Subiectul", "Dată", "Destinatarul"],
  ["Croatian", "Započni proslijeđenu poruku:", "Šalje", "Predmet", "Datum", "Prima"],
  ["Hungarian", "Továbbított levél kezdete:", "Feladó", "Tárgy", "Dátum", "Címzett"],
  ["Ukrainian", "Початок листа, що пересилається:", "Від кого", "Тема", "Дата", "Кому"],
  ["Japanese", "転送されたメッセージ：", "差出人", "件名", "日付", "宛先"],
  ["Chinese", "转发的邮件：", "发件人", "主题", "日期", "收件人"],
];

test.each(APPLE)("%s: a forward of Apple Mail, marked as quoted, names its author", async (_, separator, ...labels) => {
  const values = ["Bob Stone <bob@example.com>", "The pump", "5.1.2026 10:00", "ann@example.com"];
  const block = labels.map((label, i) => `> ${label}: ${values[i]}`).join("\n");
  const mail = await readMail(
    aTextMail(`Please look.\n\n> ${separator}\n>\n${block}\n>\n> It is broken.`, { Subject: "The pump" }),
  );
  expect(mail.forward).toMatchObject({
    is: true,
    from: author,
    subject: "The pump",
    to: [{ name: "", address: "ann@example.com" }],
  });
});

test.each([
  "---------- Forwarded message ---------",
  "-------- Weitergeleitete Nachricht --------",
  "-------- Message transféré --------",
  "---------- Mensaje reenviado ----------",
  "-------- Messaggio inoltrato --------",
  "-------- Doorgestuurd bericht --------",
  "-------- Mensagem encaminhada --------",
  "---------- Wiadomość przesłana dalej ---------",
  "-------- Přeposlaná zpráva --------",
  "---------- Vidarebefordrat meddelande ---------",
  "-------- Videresendt meddelelse --------",
  "-------- Välitetty viesti --------",
  "-------- İletilmiş Mesaj --------",
  "-------- Перенаправленное сообщение --------",
  "---------- メッセージを転送 ---------",
  "---------- 转发的邮件 ---------",
])("the separator %j marks a forward, whatever the subject", async (separator) => {
  const mail = await readMail(
    aTextMail(
      `FYI\n\n${separator}\nFrom: Bob Stone <bob@example.com>\nDate: Mon, 5 Jan 2026 10:00\nSubject: The pump\nTo: Ann <ann@example.com>\nCc: Carl <carl@example.com>\n\nIt is broken.`,
      { Subject: "Something else" },
    ),
  );
  expect(mail.forward).toMatchObject({
    from: author,
    subject: "The pump",
    cc: [{ name: "Carl", address: "carl@example.com" }],
  });
  expect(mail.visibleText).toBe("FYI");
});

test.each([
  "FW:",
  "Fwd:",
  "WG:",
  "TR:",
  "RV:",
  "I:",
  "Doorst:",
  "ENC:",
  "PD:",
  "VB:",
  "VS:",
  "VL:",
  "İLT:",
  "[EXTERNAL] FW:",
  "转发:",
  "転送:",
])("the subject %j tells a forward from an answer", async (prefix) => {
  const words =
    "Look.\n\nFrom: Bob Stone <bob@example.com>\nSent: Monday, January 5, 2026 10:00\nTo: Ann\nSubject: The pump\n\nBroken.";
  expect(
    (
      await readMail(
        aTextMail(words, { Subject: `=?utf-8?B?${Buffer.from(`${prefix} The pump`).toString("base64")}?=` }),
      )
    ).forward?.from,
  ).toEqual(author);
});

test.each(["RE:", "Re:", "AW:", "SV:", "Antw:", "Odp:", "R:", "RES:", "YNT:", "回复:", "Ответ:"])(
  "under the subject %j the same block stands below an answer",
  async (prefix) => {
    const words =
      "Yes.\n\nFrom: Bob Stone <bob@example.com>\nSent: Monday, January 5, 2026 10:00\nTo: Ann\nSubject: The pump\n\nBroken?";
    const mail = await readMail(
      aTextMail(words, { Subject: `=?utf-8?B?${Buffer.from(`${prefix} The pump`).toString("base64")}?=` }),
    );
    expect(mail.forward).toBeNull();
    expect(mail.visibleText).toBe("Yes.");
  },
);

test("a name without an address, and an address that a program made a link, are read", async () => {
  const forwarded = (from: string) =>
    aTextMail(
      `-----Original Message-----\nFrom: ${from}\nSent: 5 January 2026 10:00\nTo: Ann\nSubject: The pump\n\nBroken.`,
      { Subject: "FW: The pump" },
    );
  expect((await readMail(forwarded("Bob Stone"))).forward?.from).toEqual({ name: "Bob Stone", address: "" });
  expect((await readMail(forwarded("Bob Stone <bob@example.com<mailto:bob@example.com>>"))).forward?.from).toEqual(
    author,
  );
  expect((await readMail(forwarded("Bob Stone [mailto:bob@example.com]"))).forward?.from).toEqual(author);
});

test("Yahoo's text without line ends is read", async () => {
  const mail = await readMail(
    aTextMail(
      '   ----- Weitergeleitete Nachricht ----- Von: Bob Stone <bob@example.com>An: "ann@example.com" <ann@example.com>CC: Carl <carl@example.com>Gesendet: Montag, 5. Januar 2026, 10:00:00 MEZBetreff: The pump\n Broken.',
    ),
  );
  expect(mail.forward).toMatchObject({
    from: author,
    subject: "The pump",
    cc: [{ name: "Carl", address: "carl@example.com" }],
  });
});
