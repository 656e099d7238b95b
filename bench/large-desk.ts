/**
 * A desk as it is after years: 100,000 organizations, 1,000,000 contacts, 500,000 tickets and 5,000,000 mails with their
 * Message-IDs. Written straight into the tables; the mails are as short as rows can be, but every index is whole.
 */
import pg from "pg";
import { lookOf } from "../server/desk/mail/matching/look-alike.ts";

export const large = { organizations: 100_000, contacts: 1_000_000, tickets: 500_000, messages: 5_000_000 };

/** The numbered things of the large desk, as SQL below makes them. */
export const numbered = {
  domain: (organization: number) => `company-${organization}.test`,
  address: (contact: number) => `person${contact}@company-${contact % large.organizations}.test`,
  messageId: (message: number) => `<mail-${message}@mail.company.test>`,
  conversation: (ticket: number) => `conversation-${ticket}`,
  threadKey: (ticket: number) =>
    String(ticket)
      .padStart(26, "a")
      .replaceAll("0", "b")
      .replaceAll("1", "c")
      .replaceAll("8", "d")
      .replaceAll("9", "e"),
};

/** As the superuser: keys are checked by nobody while it runs, and each index is made once, at the end. */
export async function fillLargeDesk(superuser: string, database: string) {
  const url = new URL(superuser);
  url.pathname = database;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(
      "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB'",
    );
    await client.query(numberedId);
    await people(client);
    await withoutIndexes(client, ["tickets", "messages"], () => history(client));
    // The statistics that autovacuum would have made meanwhile.
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
}

/** An id for each name, in the form of RFC 9562's version 8. */
const numberedId = `create function pg_temp.id(name text) returns uuid immutable language sql
  return overlay(overlay(md5(name) placing '8' from 13) placing '8' from 17)::uuid`;

const firstNames =
  "Anna Alice Bernd Chloé Dariusz Elif Frida Giulia Henrik Ines Jonas Katarzyna Luís Marie Nils Olga Pavel Rosa Sven Tuğba";
const lastNames =
  "Albrecht Moreau Nowak Rossi Svensson García Novák Yılmaz Jansen Fischer Lindqvist Ferreira Kowalski Dubois Bianchi Petrov";
const branches =
  "Conveyor Software Logistics Bakery Insurance Optics Shipping Gardens Printing Foundry Clinic Publishing";

const pick = (words: string, n: string) => {
  const list = words.split(" ");
  return `(array[${list.map((word) => `'${word}'`).join(",")}])[1 + (${n}) % ${list.length}]`;
};

async function people(client: pg.Client) {
  await client.query(`
    insert into organizations (id, name)
      select pg_temp.id('o' || n), ${pick(lastNames, "n")} || ' ' || ${pick(branches, "n / 16")} || ' ' || n
      from generate_series(0, ${large.organizations - 1}) n;
    insert into organization_domains (domain, organization_id)
      select 'company-' || n || '.test', pg_temp.id('o' || n) from generate_series(0, ${large.organizations - 1}) n;
    insert into contacts (id, organization_id, name)
      select pg_temp.id('c' || n), pg_temp.id('o' || n % ${large.organizations}),
        ${pick(firstNames, "n")} || ' ' || ${pick(lastNames, "n / 20")} || ' ' || n
      from generate_series(0, ${large.contacts - 1}) n;
    insert into contact_addresses (address, contact_id, "primary")
      select 'person' || n || '@company-' || n % ${large.organizations} || '.test', pg_temp.id('c' || n), true
      from generate_series(0, ${large.contacts - 1}) n;
    insert into former_addresses (address, contact_id)
      select 'person' || n || '@before.test', pg_temp.id('c' || n) from generate_series(0, ${large.contacts - 1}, 20) n`);
  const domains = Array.from({ length: large.organizations }, (_, n) => numbered.domain(n));
  await client.query(
    "insert into known_domains (domain, look) select * from unnest($1::text[], $2::text[]) on conflict do nothing",
    [domains, domains.map(lookOf)],
  );
}

/** Ten mails on each ticket, of which every other was ours; each ticket has a requester and one participant. */
async function history(client: pg.Client) {
  const statuses = `(array['closed','closed','resolved','closed','in_progress','closed','waiting_on_customer','closed','new','closed'])`;
  await client.query(`
    insert into mailboxes (id, address, name, client_state) values (pg_temp.id('mailbox'), 'support@deskhatch.test', 'Support', '');
    insert into agents (id, tenant_id, object_id, name, address)
      select pg_temp.id('a' || n), 't', n::text, 'Agent ' || n, 'agent' || n || '@deskhatch.test' from generate_series(1, 100) n`);
  const keys = "translate(lpad(n::text, 26, 'a'), '0189', 'bcde')";
  await client.query(`
    insert into tickets (id, number, organization_id, requester_id, subject, status, thread_key, created_at, updated_at)
      select pg_temp.id('t' || n), n + 1, pg_temp.id('o' || n % ${large.organizations}), pg_temp.id('c' || n),
        ${pick(branches, "n")} || ' stops after the third box ' || n, ${statuses}[1 + n % 10]::"TicketStatus", ${keys},
        now() - (${large.tickets} - n) * interval '3 minutes', now() - (${large.tickets} - n) * interval '2 minutes'
      from generate_series(0, ${large.tickets - 1}) n;
    insert into participants (ticket_id, contact_id, because)
      select pg_temp.id('t' || n), pg_temp.id('c' || (n + ${large.organizations}) % ${large.contacts}), 'wrote on the ticket'
      from generate_series(0, ${large.tickets - 1}) n`);
  await client.query(`
    insert into messages (id, mailbox_id, immutable_id, fingerprint, internet_message_id, "references", conversation_id, outgoing,
        subject, from_name, from_address, recipients, received_at, text, visible_text, quoted_text, html, visible_html, quoted_html,
        authentication, match, details, warnings, raw_sha256, raw_size, ticket_id)
      select pg_temp.id('m' || n), (select id from mailboxes), 'immutable-' || n, md5('f' || n), '<mail-' || n || '@mail.company.test>', '{}',
        'conversation-' || n / 10, n % 2 = 1, 'Conveyor', '',
        case when n % 2 = 1 then 'support@deskhatch.test' else 'person' || n / 10 || '@company-' || n / 10 % ${large.organizations} || '.test' end,
        '{"to":[],"cc":[],"replyTo":[]}', now() - (${large.messages} - n) * interval '20 seconds', '', '', '', '', '', '',
        '{"spf":"pass","dkim":"pass","dmarc":"pass","verdict":"pass"}', '{}', '{}', '{}', '', 0, pg_temp.id('t' || n / 10)
      from generate_series(0, ${large.messages - 1}) n`);
}

async function withoutIndexes(client: pg.Client, tables: string[], work: () => Promise<void>) {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
      where tablename = any($1) and indexname not in (select conname from pg_constraint)`,
    [tables],
  );
  for (const { name } of rows) await client.query(`drop index "${name}"`);
  await work();
  for (const { definition } of rows) await client.query(definition);
}
