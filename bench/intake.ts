/**
 * How fast mail comes in, and what it costs the desk and PostgreSQL: from SMTP through the sandbox's Graph to the timeline.
 * 15 % of the mails bring a 60 kB file, 40 % answer an earlier one.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import pg from "pg";
import type { Product } from "../test/product.ts";
import { isDesk, isPostgres, print, processesBelow } from "./measure.ts";

const count = 400;

export async function measureIntake(product: Product) {
  const desk = new pg.Client({ connectionString: product.addresses.desk });
  await desk.connect();
  try {
    await desk.query("update mailboxes set mode = 'every_mail'");
    // Nothing of Birkenfeld shows in the portal by itself; Harbourlight sees its new tickets at once, which is publishing too.
    await measure(product, desk, "intake", "birkenfeld-werke.test");
    await measure(product, desk, "intake_and_publish", "harbourlight.test");
    print("desk_rss_mb", cost(product).deskRssMb, "MB", 1);
  } finally {
    await desk.end();
  }
}

async function measure(product: Product, desk: pg.Client, name: string, domain: string) {
  await run(product, desk, 40, { name: `${name}-warm`, domain });
  const before = cost(product);
  const seconds = await run(product, desk, count, { name, domain });
  const held = await desk.query("select 1 from messages where held_because is not null and from_address like $1", [
    `customer%@${domain}`,
  ]);
  if (held.rowCount)
    throw new Error(`${held.rowCount} mails of ${domain} were held instead of filed: this measures nothing.`);
  print(`${name}_mails_per_s`, count / seconds, "mails/s", count);
  print(`${name}_cpu_ms_per_mail`, (cost(product).cpuMs - before.cpuMs) / count, "ms", count);
}

type Batch = { name: string; domain: string };

/** Sends `count` mails over four connections, and waits until the last is filed or held. */
async function run(product: Product, desk: pg.Client, count: number, batch: Batch) {
  const done = await settled(desk);
  const transport = createTransport({
    host: "127.0.0.1",
    port: product.smtpPort,
    pool: true,
    maxConnections: 4,
    tls: { rejectUnauthorized: false },
  });
  const began = performance.now();
  await Promise.all(Array.from({ length: count }, (_, number) => transport.sendMail(mail(batch, number))));
  transport.close();
  while ((await settled(desk)) < done + count) await pause(20);
  return (performance.now() - began) / 1000;
}

async function settled(desk: pg.Client) {
  const { rows } = await desk.query("select count(*)::int as settled from inbox_items where state <> 'pending'");
  return Number(rows[0]?.settled);
}

const paragraph =
  "The conveyor at gate four stops after the third box, the display says E-17, and a restart helps for an hour. We need it before the evening shift.";

function mail({ name, domain }: Batch, number: number) {
  const id = (of: number) => `<bench-${name}-${of}@${domain}>`;
  // Two of five answer the first question of the five before.
  const answers = number % 5 < 2 && number > 5 ? number - (number % 5) - 3 : null;
  // Who answers is who wrote first.
  const customer = (answers ?? number) % 50;
  return {
    messageId: id(number),
    from: { name: `Customer ${customer}`, address: `customer${customer}@${domain}` },
    to: "support@deskhatch.test",
    subject: answers === null ? `Conveyor ${name} ${number}` : `Re: Conveyor ${name} ${answers}`,
    ...(answers !== null && { inReplyTo: id(answers), references: [id(answers)] }),
    text: `${Array.from({ length: 4 }, () => paragraph).join("\n\n")}\n\n-- \nCustomer ${customer}`,
    html: Array.from({ length: 4 }, () => `<p>${paragraph}</p>`).join(""),
    ...(number % 20 < 3 && { attachments: [{ filename: `log-${number}.bin`, content: randomBytes(60_000) }] }),
  };
}

function cost(product: Product) {
  const processes = processesBelow(product.pid);
  const desks = processes.filter(isDesk);
  const ours = [...desks, ...processes.filter(isPostgres)];
  return {
    cpuMs: ours.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    deskRssMb: desks.reduce((sum, { rssMb }) => sum + rssMb, 0),
  };
}
