/** A dozen mails of the shapes that arrive at a service desk. Days before now, so that the list looks lived in. */
import type Mail from "nodemailer/lib/mailer/index.js";

export type SampleMail = Omit<Mail.Options, "from"> & {
  name: string;
  minutesAgo: number;
  from: { name: string; address: string };
};

const hours = 60;
const days = 24 * hours;
const support = { name: "Deskhatch Support", address: "support@deskhatch.test" };

const scannerLog = `time;scanner;code
07:58:10;dock-3;OK
08:01:44;dock-3;E-17 no route to label service
08:01:59;dock-3;E-17 no route to label service
08:02:30;dock-4;OK
`;

/** A one-page PDF that says what it is; small enough to read. */
const deliveryNote = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 120]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 61>>stream
BT /F1 14 Tf 20 60 Td (Delivery note 2026-4471: 3 of 5 pallets) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
`;

/** 16 × 16 pixels of orange: the warning lamp on the screenshot. */
const lamp = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAPElEQVR42mPQ0DEhCTGg8f9PZUBD+DRgqsbUw0BQNZoeBmJUI+thIFI1XM+I1UBysJITceQkDXISHzEIAAcpK2DiYe+JAAAAAElFTkSuQmCC",
  "base64",
);

export const mails: readonly SampleMail[] = [
  {
    name: "label printer",
    minutesAgo: 35,
    from: { name: "Alice Moreau", address: "alice@harbourlight.test" },
    to: support,
    subject: "Label printer at dock 3 stops every morning",
    text: "Good morning,\n\nsince Monday the label printer at dock 3 stops at about eight o'clock. The scanner shows E-17. The other docks are fine.\n\nThe log of this morning is attached. We can work around it until noon, not longer.\n\nKind regards\nAlice\n\n-- \nAlice Moreau\nDispatch lead, Harbourlight Logistics\n+44 20 7946 0018",
    attachments: [{ filename: "scanner-dock-3.csv", content: scannerLog, contentType: "text/csv" }],
  },
  {
    name: "invoice question",
    minutesAgo: 3 * hours,
    from: { name: "Adam Lindqvist", address: "adam@harbourlight.test" },
    to: support,
    subject: "Invoice 2026-118: hours we do not recognise",
    html: "<p>Hello,</p><p>on invoice <b>2026-118</b> there are <b>6.5 hours</b> for “network check” on 4 November. Nobody here remembers a visit that day. Could you tell us what was done?</p><p>Thank you,<br>Adam</p>",
  },
  {
    name: "delivery note",
    minutesAgo: 1 * days,
    from: { name: "Bob Tanaka", address: "bob@birkenfeld-werke.test" },
    to: support,
    subject: "Lieferung unvollständig – zwei Paletten fehlen",
    text: "Guten Tag,\n\nvon der Lieferung 2026-4471 sind nur drei von fünf Paletten angekommen (Lieferschein anbei). Wann kommt der Rest? Die Linie 2 steht ab Donnerstag.\n\nMit freundlichen Grüßen\nBob Tanaka",
    attachments: [{ filename: "Lieferschein 2026-4471.pdf", content: deliveryNote, contentType: "application/pdf" }],
  },
  {
    name: "lamp",
    minutesAgo: 2 * days,
    from: { name: "Katrin Vogel", address: "katrin.vogel@birkenfeld-werke.test" },
    to: support,
    cc: [{ name: "Jonas Weiß", address: "jonas.weiss@birkenfeld-werke.test" }],
    subject: "Warnlampe an Anlage 7",
    html: '<p>Hallo zusammen,</p><p>seit heute früh leuchtet an Anlage 7 diese Lampe:</p><p><img src="cid:lamp@birkenfeld" alt="orange Lampe" width="96" height="96"></p><p>Ist das schlimm?</p><p>Viele Grüße<br>Katrin Vogel</p>',
    attachments: [{ filename: "lampe.png", content: lamp, cid: "lamp@birkenfeld", contentType: "image/png" }],
  },
  {
    name: "appointment system",
    minutesAgo: 2 * days + 4 * hours,
    from: { name: "Dr. Inés Solano", address: "ines@solano-clinics.test" },
    to: support,
    subject: "Appointment reminders were sent twice",
    text: "Dear team,\n\nyesterday evening our patients received every reminder two times. Please look into it before tonight's run at 18:00.\n\nInés Solano",
  },
  {
    name: "access for a colleague",
    minutesAgo: 3 * days,
    from: { name: "Marco Ruiz", address: "marco@solano-clinics.test" },
    to: support,
    subject: "Access for our new colleague",
    text: "Hi,\n\nHana Kim starts on the first. She needs the same access as me, without the billing part.\n\nThanks\nMarco\n\nSent from my iPhone",
  },
  {
    name: "from home",
    minutesAgo: 4 * days,
    from: { name: "Marta Kovač", address: "marta.kovac.deskhatch.sample@gmail.com" },
    to: support,
    subject: "VPN from home",
    text: "Hello, the VPN tells me my certificate has expired. I am working from home until Friday. – Marta (Solano Clinics, front desk)",
  },
  {
    name: "unknown colleague",
    minutesAgo: 5 * hours,
    from: { name: "Lena Fischer", address: "lena.fischer@birkenfeld-werke.test" },
    to: support,
    subject: "Neuer Drucker im Einkauf",
    text: "Guten Tag,\n\nich bin neu im Einkauf und bräuchte einen Drucker am Platz 2.14.\n\nDanke und Grüße\nLena Fischer",
  },
  {
    name: "forwarded",
    minutesAgo: 6 * hours,
    from: { name: "Ben Okafor", address: "ben@deskhatch.test" },
    to: support,
    subject: "FW: Forklift terminal freezes",
    text: "Came to me by mistake.\n\nBen\n\n________________________________\nFrom: Tom Becket <tom@harbourlight-freight.test>\nSent: Friday, November 20, 2026 4:12 PM\nTo: Ben Okafor <ben@deskhatch.test>\nCc: Priya Raman <priya@harbourlight.test>\nSubject: Forklift terminal freezes\n\nHi Ben,\n\nterminal 5 freezes whenever two people are logged in. Can somebody have a look on Monday?\n\nTom",
  },
  {
    name: "away",
    minutesAgo: 20 * hours,
    from: { name: "Selma Aydın", address: "selma.aydin@birkenfeld-werke.test" },
    to: support,
    subject: "Automatische Antwort: Wartungsfenster am Wochenende",
    text: "Ich bin bis 30. November nicht im Büro. In dringenden Fällen hilft Ihnen Katrin Vogel.",
    headers: { "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All" },
  },
  {
    name: "newsletter",
    minutesAgo: 26 * hours,
    from: { name: "Warehouse Weekly", address: "news@outsider.test" },
    to: support,
    subject: "Five ways to lose a pallet",
    html: '<table width="600"><tr><td><h1>Warehouse Weekly</h1><p>Five ways to lose a pallet, and one to find it again.</p><img src="https://tracker.outsider.test/open.gif" width="1" height="1" alt=""></td></tr></table>',
    list: { unsubscribe: { url: "https://outsider.test/unsubscribe", comment: "Unsubscribe" } },
  },
  {
    name: "phishing",
    minutesAgo: 50,
    from: { name: "Alice Moreau", address: "mallory@outsider.test" },
    to: support,
    subject: "Re: Label printer at dock 3 stops every morning [#1001]",
    html: '<p>Please send all documents of this ticket to my private address.</p><p><a href="https://outsider.test/login">Open the shared file</a></p>',
  },
];
