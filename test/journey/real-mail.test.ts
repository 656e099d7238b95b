import { createTransport } from "nodemailer";
import pg from "pg";
import { z } from "zod";
import { Opened } from "../../server/desk/contract/tickets.ts";
import { wholeMails } from "../corpus.ts";
import { agent, eventually, outsideMails } from "../people.ts";
import { type Product, startProduct } from "../product.ts";

const mails = wholeMails();
const onRealMail = mails ? describe : describe.skip;
if (!mails) process.stderr.write("skipped: real mail (../shared/data/mail is not there)\n");

onRealMail("649 real mails, as they are in the wild", () => {
  let product: Product;
  let desk: pg.Client;
  let portal: pg.Client;

  beforeAll(async () => {
    product = await startProduct({ empty: true, env: { GRACE_SECONDS: "0" } });
    desk = new pg.Client({ connectionString: product.addresses.desk });
    portal = new pg.Client({ connectionString: product.addresses.publisher });
    await Promise.all([desk.connect(), portal.connect()]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([desk?.end(), portal?.end()]);
    await product?.stop();
  }, 60_000);

  const count = async (sql: string, client = desk) =>
    z.object({ count: z.coerce.number() }).parse((await client.query(sql)).rows[0]).count;

  test("every one ends filed or held, none is lost, none is there twice", async () => {
    await desk.query("update mailboxes set mode = 'every_mail'");
    const began = performance.now();
    await sendAll(product, mails ?? []);
    await eventually(
      "all mails being settled",
      async () => {
        const settled = await count("select count(*) from inbox_items where state <> 'pending'");
        return settled === mails?.length;
      },
      150,
    );
    const seconds = (performance.now() - began) / 1000;

    const raw = await desk.query<{ raw_sha256: string }>("select raw_sha256 from messages where not outgoing");
    const filed = await count("select count(*) from messages where held_because is null and not outgoing");
    const held = await count("select count(*) from messages where held_because is not null and not outgoing");
    const copies = await count("select count(*) from message_copies");
    process.stdout.write(
      `real mail: ${mails?.length} sent, ${filed} filed, ${held} held, ${copies} copies, ${((mails?.length ?? 0) / seconds).toFixed(1)} mails/s\n`,
    );
    expect(filed + held + copies).toBe(mails?.length);
    expect(new Set(raw.rows.map((row) => row.raw_sha256)).size).toBe(raw.rows.length);
    expect(await count("select count(*) from inbox_items where state in ('gone', 'pending')")).toBe(0);
  }, 180_000);

  test("fifty of them become tickets with a released reply each, and the portal shows just those fifty", async () => {
    const anna = await agent(product, "anna@deskhatch.test");
    const before = await count("select count(*) from published_entries", portal);

    const chosen = await fiftyOfDifferentKinds(desk);
    expect(chosen).toHaveLength(50);
    const replies = new Map<number, string>();
    for (const [at, { id, subject, ticket }] of chosen.entries()) {
      const number = ticket ?? (await convert(anna, id, subject, at));
      const words = `We looked into matter ${at} and it is solved.`;
      await anna.reply(number, `<p>${words}</p>`);
      replies.set(number, words);
    }
    await eventually("fifty published replies", async () => {
      const shown = await count("select count(*) from published_entries where side = 'team'", portal);
      return shown === 50;
    });

    expect(await count("select count(*) from published_entries where side = 'customer'", portal)).toBe(
      await count("select count(*) from releases where rule is not null and retracted_at is null"),
    );
    expect(before).toBe(0);
    await eachCustomerReads(product, replies);
  }, 180_000);
});

/** The kinds, attachments and charsets are mixed: one of each kind of content first, tickets and held mails alike. */
async function fiftyOfDifferentKinds(desk: pg.Client) {
  const { rows } = await desk.query(`
    select id, subject, ticket from (
      select m.id, m.subject, t.number as ticket, m.created_at,
        row_number() over (partition by m.kind, m.held_because is null, m.details->>'charset', t.id is null order by m.created_at) as nth,
        row_number() over (partition by t.id order by m.created_at) as of_ticket
      from messages m left join tickets t on t.id = m.ticket_id
      where not m.outgoing) as mixed
    where ticket is null or of_ticket = 1
    order by nth, created_at limit 50`);
  return z.array(z.object({ id: z.string(), subject: z.string(), ticket: z.number().nullable() })).parse(rows);
}

async function convert(anna: Awaited<ReturnType<typeof agent>>, messageId: string, subject: string, at: number) {
  const requester = { newContact: { name: `Customer ${at}`, address: `customer-${at}@example.org` } };
  const wish = { messageId, requester, subject: subject.trim().slice(0, 500) || "(no subject)", attachmentIds: [] };
  return (await anna.ask(Opened, "POST", "/tickets", wish)).ticket.number;
}

/** By SMTP, as any mail program sends; the envelope's sender is the mail's own where it has one. */
async function sendAll(product: Product, mails: NonNullable<ReturnType<typeof wholeMails>>) {
  const transport = createTransport({
    host: "127.0.0.1",
    port: product.smtpPort,
    pool: true,
    maxConnections: 4,
    tls: { rejectUnauthorized: false },
  });
  await Promise.all(
    mails.map(({ raw }) =>
      transport.sendMail({ envelope: { from: senderOf(raw), to: "support@deskhatch.test" }, raw }),
    ),
  );
  transport.close();
}

function senderOf(raw: Buffer) {
  const from = /^from:.*?([a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,})/im.exec(
    raw.subarray(0, 20_000).toString("latin1"),
  );
  return from?.[1] ?? "unknown@example.org";
}

/** Each reply went out by mail with a link of its own; behind it stands this reply and no other. */
async function eachCustomerReads(product: Product, replies: Map<number, string>) {
  const mails = await eventually("fifty mails to customers", async () => {
    const out = await outsideMails(product);
    return out.length >= 50 && out;
  });
  const links = mails.flatMap((mail) => /http:\/\/localhost:\d+\/l\/[\w-]+/.exec(mail)?.[0] ?? []);
  const seen = await Promise.all(links.map((link) => readLink(link)));
  for (const words of replies.values()) expect(seen.filter((page) => page.includes(words)).length).toBeGreaterThan(0);
  for (const page of seen) expect([...replies.values()].filter((words) => page.includes(words))).toHaveLength(1);
}

async function readLink(link: string) {
  const first = await fetch(link, { redirect: "manual" });
  const cookie = first.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const page = await fetch(new URL(first.headers.get("location") ?? "", link), { headers: { cookie } });
  expect(page.status).toBe(200);
  return page.text();
}
