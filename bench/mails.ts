/** The mails of the bench: 15 % bring a 60 kB file, 40 % answer an earlier one, and each customer writes no more than people do. */
import { randomBytes } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer/index.js";

export type BenchMail = { from: string; raw: Buffer };

/** `name` keeps the batches of a run apart, `domain` says whose customers write. */
export type Batch = { name: string; domain: string; count: number };

/** Composed before the clock starts: the sender's work is nobody's intake. */
export async function composeMails({ name, domain, count }: Batch): Promise<BenchMail[]> {
  const customers = Math.ceil(count / 15);
  const mails: BenchMail[] = [];
  for (let number = 0; number < count; number++) {
    const answers = answeredBy(number);
    // Who answers is who wrote first.
    const from = `${name}.customer${(answers ?? number) % customers}@${domain}`;
    mails.push({ from, raw: await compose({ name, domain, number, answers, from }) });
  }
  return mails;
}

/** Two of five answer the first question of the five before. */
const answeredBy = (number: number) => (number % 5 < 2 && number > 5 ? number - (number % 5) - 3 : null);

const paragraph =
  "The conveyor at gate four stops after the third box, the display says E-17, and a restart helps for an hour. We need it before the evening shift.";

type Composed = { name: string; domain: string; number: number; answers: number | null; from: string };

function compose({ name, domain, number, answers, from }: Composed): Promise<Buffer> {
  const id = (of: number) => `<bench-${name}-${of}@${domain}>`;
  const mail = new MailComposer({
    messageId: id(number),
    from: { name: `Customer ${from.replace(/\D/g, "")}`, address: from },
    to: "support@deskhatch.test",
    subject: answers === null ? `Conveyor ${name} ${number}` : `Re: Conveyor ${name} ${answers}`,
    ...(answers !== null && { inReplyTo: id(answers), references: [id(answers)] }),
    text: `${Array.from({ length: 4 }, () => paragraph).join("\n\n")}\n\n-- \n${from}`,
    html: Array.from({ length: 4 }, () => `<p>${paragraph}</p>`).join(""),
    ...(number % 20 < 3 && { attachments: [{ filename: `log-${number}.bin`, content: randomBytes(60_000) }] }),
  });
  return mail.compile().build();
}
