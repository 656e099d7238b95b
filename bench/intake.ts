/**
 * How fast mail comes in, and what it costs: from SMTP through the sandbox's Graph to the timeline.
 * The sandbox, the portal and the sender share the machine, so their CPU bounds the rate; what it costs is counted apart.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import pg from "pg";
import type { Product } from "../test/product.ts";
import { askSandbox } from "./ask-sandbox.ts";
import { type Batch, composeMails } from "./mails.ts";
import { cpuUsed, deskRssMb, print } from "./measure.ts";

const count = 2000;

export async function measureIntake(product: Product) {
  await noBudgetAtGraph(product);
  await withEveryMail(product, async (desk) => {
    // Nothing of Birkenfeld shows in the portal by itself; Harbourlight sees its new tickets at once, which is publishing too.
    const birkenfeld = "birkenfeld-werke.test";
    await run(product, desk, { name: "warm", domain: birkenfeld, count: 200 }, 4);
    await measure(product, desk, "intake_1_sender", { name: "one", domain: birkenfeld, count }, 1);
    await measure(product, desk, "intake_4_senders", { name: "four", domain: birkenfeld, count }, 4);
    const harbourlight = "harbourlight.test";
    await run(product, desk, { name: "warm", domain: harbourlight, count: 200 }, 4);
    await measure(product, desk, "intake_and_publish", { name: "shown", domain: harbourlight, count: 600 }, 4);
    print("desk_rss_mb", deskRssMb(product), "MB", 1);
  });
}

/** Graph answers 10,000 requests in ten minutes, which all these mails together exceed: the waiting is not what is measured. */
export const noBudgetAtGraph = (product: Product) =>
  askSandbox(product, "/limits", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ requests: 1_000_000 }),
  });

/** Each mail to the support mailbox opens a ticket by itself, or stands on the one it answers. */
export async function withEveryMail(product: Product, work: (desk: pg.Client) => Promise<void>) {
  const desk = new pg.Client({ connectionString: product.addresses.desk });
  await desk.connect();
  try {
    await desk.query("update mailboxes set mode = 'every_mail'");
    await work(desk);
  } finally {
    await desk.end();
  }
}

async function measure(product: Product, desk: pg.Client, name: string, batch: Batch, senders: number) {
  const before = cpuUsed(product);
  const seconds = await run(product, desk, batch, senders);
  const used = cpuUsed(product);
  const held = await desk.query("select 1 from messages where held_because is not null and from_address like $1", [
    `${batch.name}.%@${batch.domain}`,
  ]);
  if (held.rowCount)
    throw new Error(`${held.rowCount} mails of ${batch.domain} were held instead of filed: this measures nothing.`);
  print(`${name}_mails_per_s`, batch.count / seconds, "mails/s", batch.count);
  for (const part of ["desk", "postgres", "sandbox", "portal"] as const)
    print(`${name}_${part}_cpu_ms_per_mail`, (used[part] - before[part]) / batch.count, "ms", batch.count);
  const ours = used.desk + used.postgres - before.desk - before.postgres;
  print(`${name}_cpu_ms_per_mail`, ours / batch.count, "ms", batch.count);
}

/** Sends the batch over so many connections, and waits until the last mail is filed or held. Says how many seconds it took. */
export async function run(product: Product, desk: pg.Client, batch: Batch, senders: number): Promise<number> {
  const mails = await composeMails(batch);
  await tenMinutesLater(desk);
  const done = await settled(desk);
  const transport = createTransport({
    host: "127.0.0.1",
    port: product.smtpPort,
    pool: true,
    maxConnections: senders,
    maxMessages: Number.POSITIVE_INFINITY,
    ignoreTLS: true,
  });
  const began = performance.now();
  await Promise.all(
    mails.map(({ from, raw }) => transport.sendMail({ envelope: { from, to: "support@deskhatch.test" }, raw })),
  );
  transport.close();
  // Seldom, because each look counts among PostgreSQL's work.
  while ((await settled(desk)) < done + batch.count) await pause(100);
  return (performance.now() - began) / 1000;
}

/** The desk leaves some of Graph's requests to others (see mail/pace.ts); what an earlier batch used must not slow this one down. */
async function tenMinutesLater(desk: pg.Client) {
  await desk.query("update inbox_items set done_at = done_at - interval '10 minutes'");
  await desk.query("update mail_categories set given_at = given_at - interval '10 minutes'");
}

async function settled(desk: pg.Client) {
  const { rows } = await desk.query("select count(*)::int as settled from inbox_items where state <> 'pending'");
  return Number(rows[0]?.settled);
}
