/** How soon a notice of Graph is answered, and how soon a mail is on the desk: with webhooks, and without. */
import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import type pg from "pg";
import type { Product } from "../test/product.ts";
import { askSandbox } from "./ask-sandbox.ts";
import { withEveryMail } from "./intake.ts";
import { printPercentiles, timed } from "./measure.ts";

const perSecond = 200;
const seconds = 10;
const mails = 40;

export async function measureWebhook(product: Product) {
  await withEveryMail(product, async (desk) => {
    printPercentiles("seen_ms", await seen(product, desk, "alive", 250));
    printPercentiles("webhook_ack_ms", await acknowledged(product, desk));
    await endSubscriptions(product);
    printPercentiles("seen_without_webhook_ms", await seen(product, desk, "dead", 1500));
  });
}

/** From the SMTP server's answer until the mail is on the desk; they are sent evenly, whatever becomes of the others. */
async function seen({ smtpPort }: Product, desk: pg.Client, name: string, every: number): Promise<number[]> {
  const smtp = createTransport({ host: "127.0.0.1", port: smtpPort, ignoreTLS: true });
  const sentAt = new Map<string, number>();
  const waits: number[] = [];
  const looking = (async () => {
    while (waits.length < mails) {
      const sql = "select internet_message_id as id from messages where internet_message_id = any($1)";
      for (const { id } of (await desk.query<{ id: string }>(sql, [[...sentAt.keys()]])).rows) {
        waits.push(performance.now() - (sentAt.get(id) ?? 0));
        sentAt.delete(id);
      }
      await pause(20);
    }
  })();
  for (let n = 0; n < mails; n++) {
    const id = `seen-${name}-${n}@harbourlight.test`;
    const [from, to] = ["alice@harbourlight.test", "support@deskhatch.test"];
    await smtp.sendMail({ from, to, messageId: `<${id}>`, subject: `Seen ${name} ${n}`, text: "Is it there?" });
    sentAt.set(id, performance.now());
    await pause(every);
  }
  await looking;
  return waits;
}

async function acknowledged({ deskUrl }: Product, desk: pg.Client): Promise<number[]> {
  const { rows } = await desk.query(
    "select subscription_id, client_state from mailboxes where subscription_id is not null",
  );
  const notice = { subscriptionId: rows[0].subscription_id, clientState: rows[0].client_state, changeType: "created" };
  const body = JSON.stringify({ value: [notice] });
  const post = async () => {
    const { status } = await fetch(`${deskUrl}/api/graph/notices`, { method: "POST", body });
    if (status !== 202) throw new Error(`A notice was answered ${status}.`);
  };
  const answers: Promise<number>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    answers.push(timed(post).then(([, ms]) => ms));
    await pause(1000 / perSecond);
  }
  return Promise.all(answers);
}

async function endSubscriptions(product: Product) {
  const answer = await askSandbox(product, "/subscriptions");
  const { value } = (await answer.json()) as { value: { id: string }[] };
  for (const { id } of value) await askSandbox(product, `/subscriptions/${id}`, { method: "DELETE" });
}
