import { expect, test } from "@jest/globals";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { aTextMail } from "./mails.ts";

/** What programs write above a mail that they hand on. Always the same mail of the same person, in other words. */
const FORWARDS: [program: string, subject: string, text: string][] = [
  [
    "Lao, which no list has (Gmail)",
    "Fwd: ປຣິນເຕີ",
    "---------- ຂໍ້ຄວາມທີ່ສົ່ງຕໍ່ ---------\nຈາກ: Alice Moreau <alice@harbour.test>\nວັນທີ: 1 ກໍລະກົດ 2024 10:00\nຫົວຂໍ້: ປຣິນເຕີ\nເຖິງ: <anna@desk.test>\n\nເພ",
  ],
  [
    "Mongolian, which no list has (Gmail)",
    "Fwd: Принтер",
    "---------- Дамжуулсан мессеж ---------\nХэнээс: Alice Moreau <alice@harbour.test>\nОгноо: 2024 оны 7-р сарын 1, 10:00\nСэдэв: Принтер\nХэнд: <anna@desk.test>\n\nЭвдэрсэн",
  ],
  [
    "Lithuanian (Outlook)",
    "PERS: x",
    "Nuo: Alice Moreau <alice@harbour.test>\nIšsiųsta: 2024 m. liepos 1 d. 10:00\nKam: Anna\nTema: x\n\nSugedo",
  ],
  [
    "Latvian (Outlook)",
    "Pārs: x",
    "No: Alice Moreau <alice@harbour.test>\nNosūtīts: pirmdiena, 2024. gada 1. jūlijs 10:00\nKam: Anna <anna@desk.test>\nTēma: x\n\nx",
  ],
  [
    "Vietnamese (Outlook)",
    "FW: x",
    "Từ: Alice Moreau <alice@harbour.test>\nĐã gửi: Thứ Hai, 1 tháng 7 2024 10:00\nTới: Anna <anna@desk.test>\nChủ đề: x\n\nx",
  ],
  [
    "Thai (Outlook)",
    "FW: x",
    "จาก: Alice Moreau <alice@harbour.test>\nส่งเมื่อ: วันจันทร์ที่ 1 กรกฎาคม 2567 10:00\nถึง: Anna\nเรื่อง: x\n\nx",
  ],
  [
    "Persian (Outlook)",
    "FW: x",
    "از: Alice Moreau <alice@harbour.test>\nتاریخ: دوشنبه ۱ ژوئیه ۲۰۲۴ ۱۰:۰۰\nبه: Anna <anna@desk.test>\nموضوع: x\n\nx",
  ],
  [
    "Persian (Gmail)",
    "Fwd: x",
    "---------- پیام فوروارد شده ---------\nاز: Alice Moreau <alice@harbour.test>\nDate: دوشنبه ۱ ژوئیه ۲۰۲۴، ۱۰:۰۰\nSubject: x\nTo: <anna@desk.test>\n\nx",
  ],
  [
    "Indonesian (Outlook)",
    "FW: x",
    "Dari: Alice Moreau <alice@harbour.test>\nDikirim: 01 Juli 2024 10:00\nKepada: Anna\nSubjek: x\n\nx",
  ],
  [
    "Indonesian (Apple Mail)",
    "Fwd: x",
    "Awal pesan terusan:\n\nDari: Alice Moreau <alice@harbour.test>\nPerihal: x\nTanggal: 1 Juli 2024 10.00.00 WIB\nKepada: anna@desk.test\n\nx",
  ],
  [
    "Serbian (Apple Mail)",
    "Fwd: x",
    "Prosleđena poruka:\n\nOd: Alice Moreau <alice@harbour.test>\nDatum: 1. jul 2024. 10:00\nNaslov: x\nZa: anna@desk.test\n\nx",
  ],
  [
    "Serbian in Cyrillic (Outlook)",
    "ПР: x",
    "Од: Alice Moreau <alice@harbour.test>\nПослато: понедељак, 01. јул 2024. 10:00\nЗа: Ана <anna@desk.test>\nТема: x\n\nx",
  ],
  [
    "Catalan, marked (Apple Mail)",
    "Fwd: x",
    "Inici del missatge reenviat:\n\n> De: Alice Moreau <alice@harbour.test>\n> Assumpte: x\n> Data: 1 de juliol de 2024 a les 10:00\n> Per a: anna@desk.test\n>\n> x",
  ],
  [
    "Galician (Outlook)",
    "Rv: x",
    "De: Alice Moreau <alice@harbour.test>\nEnviada: luns, 1 de xullo de 2024 10:00\nPara: Anna <anna@desk.test>\nAsunto: x\n\nx",
  ],
  [
    "eM Client in German",
    "Fw: x",
    '------ Weitergeleitete Nachricht ------\nVon "Alice Moreau" <alice@harbour.test>\nAn "Anna" <anna@desk.test>\nDatum 01.07.2024 10:00:00\nBetreff x\n\nx',
  ],
  [
    "eM Client in French, below a comment",
    "Fw: x",
    'hi\n\n------ Message transféré ------\nDe "Alice Moreau" <alice@harbour.test>\nÀ "Anna" <anna@desk.test>\nDate 01/07/2024 10:00:00\nObjet x\n\nx',
  ],
  [
    "eM Client, the other separator",
    "Fw: x",
    '------ Original Message ------\nFrom "Alice Moreau" <alice@harbour.test>\nTo "Anna" <anna@desk.test>\nDate 01.07.2024 10:00:00\nSubject x\n\nx',
  ],
  [
    "eM Client in Italian, with a copy",
    "Fw: x",
    '------ Messaggio inoltrato ------\nDa "Alice Moreau" <alice@harbour.test>\nA "Anna" <anna@desk.test>\nCc "Bob" <bob@desk.test>\nData 01/07/2024 10:00:00\nOggetto x\n\nx',
  ],
  [
    "eM Client in Czech",
    "Fw: x",
    "------ Předaná zpráva ------\nOd Alice Moreau <alice@harbour.test>\nKomu anna@desk.test\nDatum 01.07.2024 10:00:00\nPředmět x\n\nx",
  ],
  [
    "Samsung in German",
    "Fwd: x",
    "-------- Ursprüngliche Nachricht --------Von: Alice Moreau <alice@harbour.test> Datum: 01.07.24  10:00  (GMT+01:00) An: anna@desk.test Betreff: x \nx",
  ],
  [
    "Samsung in French",
    "Fwd: x",
    "-------- Message d'origine --------De : Alice Moreau <alice@harbour.test> Date : 01/07/2024  10:00  (GMT+01:00) À : anna@desk.test Cc : bob@desk.test Objet : x \nx",
  ],
  [
    "Samsung in Spanish, below a comment",
    "Fwd: x",
    "FYI\n\n-------- Mensaje original --------De: Alice Moreau <alice@harbour.test> Fecha: 1/7/24  10:00  (GMT+01:00) Para: anna@desk.test Asunto: x \nx",
  ],
  [
    "Samsung in Korean",
    "Fwd: x",
    "-------- 원본 이메일 --------발신: Alice Moreau <alice@harbour.test> 날짜: 24/7/1  10:00  (GMT+09:00) 받은 사람: anna@desk.test 제목: x \nx",
  ],
  [
    "Samsung in Italian",
    "Fwd: x",
    "-------- Messaggio originale --------Da: alice@harbour.test Data: 01/07/24 10:00 (GMT+01:00) A: anna@desk.test Oggetto: x\nx",
  ],
  [
    "Samsung in Dutch, over two lines",
    "Fwd: x",
    "-------- Oorspronkelijk bericht --------\nVan: Alice Moreau <alice@harbour.test> Datum: 01-07-2024 10:00 (GMT+01:00) Aan: anna@desk.test Onderwerp: x \nx",
  ],
  [
    "full-width colons (Outlook, Chinese)",
    "转发: x",
    "发件人：Alice Moreau <alice@harbour.test>\n发送时间：2024年7月1日 10:00\n收件人：anna@desk.test\n主题：x\n\nx",
  ],
  [
    "full-width colons (Outlook, Taiwan)",
    "FW: x",
    "寄件者：Alice Moreau <alice@harbour.test>\n寄件日期：2024/7/1 10:00\n收件者：Anna\n主旨：x\n\nx",
  ],
  [
    "full-width colons (Japanese)",
    "転送: x",
    "-----Original Message-----\n差出人：Alice Moreau <alice@harbour.test>\n送信日時：2024/07/01 10:00:00\n宛先：anna@desk.test\n件名：12月の件\n\nx",
  ],
  [
    "full-width colons (163)",
    "Fwd: x",
    "---------- 转发邮件信息 ----------\n发件人：Alice Moreau <alice@harbour.test>\n发送日期：2024-07-01 10:00:00\n收件人：<anna@desk.test>\n抄送人：<bob@desk.test>\n主题：2024年报价\n\nx",
  ],
  [
    "colons before a digit (126)",
    "转发：x",
    '-----原始邮件-----\n发件人:"Alice Moreau" <alice@harbour.test>\n发送时间:2024-07-01 10:00:00 (星期一)\n收件人: anna@desk.test\n主题: x\n\nx',
  ],
  [
    "QQ",
    "Fw:x",
    '------------------ 原始邮件 ------------------\n发件人: "Alice Moreau" <alice@harbour.test>;\n发送时间: 2024年7月1日(星期一) 上午10:00\n收件人: "anna"<anna@desk.test>;\n主题: x\n\nx',
  ],
  [
    "Outlook for Mac in Czech",
    "FW: x",
    "01/07/2024 10:00 uživatel Alice Moreau (<alice@harbour.test>) napsal:\n\n    x",
  ],
  [
    "Thunderbird in Czech",
    "FW: x",
    'Dne 01.07.24 10:00, "uživatel Alice Moreau" <alice@harbour.test> napsal(a):\n\n    x',
  ],
  ["Yandex", "FW: x", '01.07.2024, 10:00 пользователь "Alice Moreau" <alice@harbour.test> написал:\n\n    x'],
  ["Gmail in Czech", "FW: x", "po 1. 7. 2024 v 10:00 odesílatel Alice Moreau <alice@harbour.test> napsal:\n\n> x"],
  [
    "Thunderbird in Hungarian",
    "Fwd: x",
    "2024. 07. 01. 10:00 keltezéssel, Alice Moreau <alice@harbour.test> írta:\n\n> x",
  ],
  [
    "a bracket around the bracket",
    "Fwd: x",
    "On 1 Jul 2024 at 10:00 AM Alice Moreau (<alice@harbour.test>) wrote:\n\n> x",
  ],
];

test.each(FORWARDS)("whose mail is handed on is known: %s", async (_, subject, text) => {
  const { forward, kind } = await readMail(aTextMail(text, { From: "Anna <anna@desk.test>", Subject: subject }));
  expect(kind).toBe("message");
  expect(forward).toMatchObject({ is: true, from: { address: "alice@harbour.test" } });
  expect(forward?.from?.name).toBe(/(?:From|Da:) alice/.test(text) ? "" : "Alice Moreau");
  expect(forward?.subject).toBeTruthy();
});

test("an answer above the same lines hands nothing on, and they are no new words", async () => {
  for (const [program, , text] of FORWARDS.filter(([, , one]) => !/^(FYI|hi)\n|^\d|^(?:Dne|po|On) \d?/.test(one))) {
    const mail = await readMail(aTextMail(`Yes.\n\n${text}`, { Subject: "Re: x", "In-Reply-To": "<1@desk.test>" }));
    expect([program, mail.visibleText]).toEqual([program, "Yes."]);
  }
});
