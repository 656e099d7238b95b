/**
 * Mail that pours in, as fast as it can be delivered, while other people write one after the other; what counts is how
 * long each of them waits. None may be lost.
 *   storm: thousands of mails from one sender; the others write to the same mailbox.
 *   crowd: a mail with 5,000 people in Cc, then thousands of mails, each from somebody else; the others write to another
 *   mailbox, because each mailbox has its own requests at Graph.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import pg from "pg";
import { openDesk, transact } from "../server/desk/database.ts";
import { addMailbox } from "../server/desk/mailboxes/add.ts";
import { type Product, startProduct } from "../test/product.ts";
import { deskRssMb, print, printPercentiles } from "./measure.ts";

type Mail = { from: string; to: string; id: string; subject: string; cc?: string[] };
type Pouring = {
  name: string;
  /** As `like` finds all who pour in. */
  senders: string;
  mails: Mail[];
  othersWriteTo: string;
};

const support = "support@deskhatch.test";
const another = "ada@deskhatch.test";

export async function measureStorm(count = 10_000) {
  const monitor = "monitor@outsider.test";
  const mails = numbered(count, (n) => ({ from: monitor, to: support, id: `storm-${n}`, subject: `Alarm ${n}` }));
  await pourIn({ name: "storm", senders: monitor, mails, othersWriteTo: support });
}

export async function measureCrowd(count = 5000) {
  const mails = numbered(
    count,
    (n): Mail => ({
      from: `crowd${n}@strangers${n % 100}.test`,
      to: support,
      id: `crowd-${n}`,
      subject: `Where is my parcel ${n}`,
      ...(n === 0 && { cc: numbered(5000, (each) => `reader${each}@everybody.test`) }),
    }),
  );
  await pourIn({ name: "crowd", senders: "crowd%", mails, othersWriteTo: another });
}

const numbered = <Item>(count: number, item: (n: number) => Item) => Array.from({ length: count }, (_, n) => item(n));

async function pourIn(pouring: Pouring) {
  const product = await startProduct();
  const desk = new pg.Client({ connectionString: product.addresses.desk });
  try {
    await desk.connect();
    if (pouring.othersWriteTo !== support) await connect(product, desk, pouring.othersWriteTo);
    await desk.query("update mailboxes set mode = 'every_mail'");
    await measure(product, desk, pouring);
  } finally {
    await desk.end();
    await product.stop();
  }
}

/** The desk subscribes to it within a minute. */
async function connect({ addresses }: Product, desk: pg.Client, address: string) {
  const writing = openDesk(addresses.desk, 1);
  await transact(writing, (tx) => addMailbox(tx, { address, name: "Another", mode: "every_mail" }));
  await writing.$disconnect();
  const subscribed = "select from mailboxes where address = $1 and subscription_id is not null";
  while ((await desk.query(subscribed, [address])).rows.length === 0) await pause(500);
}

async function measure(product: Product, desk: pg.Client, { name, senders, mails, othersWriteTo }: Pouring) {
  const send = sender(product.smtpPort);
  const before = deskRssMb(product);
  const began = performance.now();
  let rss = before;
  const watch = setInterval(() => {
    rss = Math.max(rss, deskRssMb(product));
  }, 500);
  const waits: number[] = [];
  const poured = Promise.all(mails.map(send.many));
  for (let other = 0; (await kept(desk, senders)) < mails.length; other++)
    waits.push(await waitOf(desk, { ...aMail, from: `other${other}@bystander.test`, to: othersWriteTo }, send.one));
  await poured;
  clearInterval(watch);
  print(`${name}_mails_per_s`, mails.length / ((performance.now() - began) / 1000), "mails/s", mails.length);
  print(`${name}_others_s`, Math.max(...waits) / 1000, "s", waits.length);
  printPercentiles(`${name}_others_ms`, waits);
  print(`${name}_desk_rss_mb_before`, before, "MB", 1);
  print(`${name}_desk_rss_mb`, rss, "MB", mails.length);
  const { tickets, people, loops } = await filed(desk, senders);
  print(`${name}_tickets`, tickets, "tickets", mails.length);
  print(`${name}_people_on_a_ticket`, people, "people", tickets);
  print(`${name}_loops`, loops, "loops", mails.length);
  send.close();
}

const aMail = { id: "", subject: "And I?" };

/** What pours in comes over its own connections, so that what others send is not kept waiting before it is ours. */
function sender(port: number) {
  const open = (maxConnections: number) =>
    createTransport({
      host: "127.0.0.1",
      port,
      pool: true,
      maxConnections,
      maxMessages: Number.POSITIVE_INFINITY,
      ignoreTLS: true,
    });
  const [many, one] = [open(6), open(1)];
  const over = (transport: typeof many) => (mail: Mail) =>
    transport.sendMail({
      ...mail,
      messageId: `<${mail.id || mail.from.split("@")[0]}@bench.test>`,
      envelope: { from: mail.from, to: [mail.to] },
      text: "The line stands still. Somebody has to look.",
    });
  return {
    many: over(many),
    one: over(one),
    close: () => {
      many.close();
      one.close();
    },
  };
}

/** From the moment that Exchange has it until it is on a ticket. */
async function waitOf(desk: pg.Client, mail: Mail, send: (mail: Mail) => Promise<unknown>): Promise<number> {
  await send(mail);
  const began = performance.now();
  while ((await kept(desk, mail.from)) === 0) await pause(50);
  return performance.now() - began;
}

async function kept(desk: pg.Client, senders: string): Promise<number> {
  const { rows } = await desk.query(
    `select count(*)::int as n from messages where from_address ${senders.includes("%") ? "like" : "="} $1`,
    [senders],
  );
  return Number(rows[0]?.n);
}

async function filed(desk: pg.Client, senders: string): Promise<{ tickets: number; people: number; loops: number }> {
  const { rows } = await desk.query(
    `with theirs as (select distinct ticket_id from messages where from_address like $1 and ticket_id is not null)
     select (select count(*)::int from theirs) as tickets,
            (select coalesce(max(n), 0)::int from (
               select count(*) as n from participants join theirs using (ticket_id) group by ticket_id) of_ticket) as people,
            (select count(*)::int from loops where from_address like $1) as loops`,
    [senders],
  );
  return rows[0];
}
