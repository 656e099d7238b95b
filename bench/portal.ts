/** The portal with 10,000 tickets of 20 entries each: one client, and sixteen. */
import autocannon from "autocannon";
import pg from "pg";
import { customer } from "../test/people.ts";
import type { Product } from "../test/product.ts";
import { print, printPercentiles, timed } from "./measure.ts";

const requests = 400;

export async function measurePortal(product: Product) {
  await fill(product.addresses.publisher);
  const alice = await customer(product, "alice@harbourlight.test");
  const ticket = "/tickets/500100";
  for (const [name, path] of [
    ["portal_list_ms", "/"],
    ["portal_ticket_ms", ticket],
  ] as const) {
    const milliseconds: number[] = [];
    for (let at = 0; at < requests + 50; at++) {
      const [body, took] = await timed(async () => (await alice.ask(path)).text());
      if (!body.includes("</html>")) throw new Error(`${path} was not answered with a page.`);
      if (at >= 50) milliseconds.push(took);
    }
    printPercentiles(name, milliseconds);
  }
  for (const [name, path] of [
    ["portal_list_requests_per_s", "/"],
    ["portal_ticket_requests_per_s", ticket],
  ] as const) {
    const load = {
      url: `${product.portalUrl}${path}`,
      connections: 16,
      duration: 8,
      headers: { cookie: alice.cookie(), accept: "text/html" },
    };
    const { requests, non2xx } = await autocannon(load);
    if (non2xx) throw new Error(`${non2xx} of the requests for ${path} were refused.`);
    print(name, requests.average, "requests/s", requests.total);
  }
}

/** Straight into the portal's tables, as the publisher writes them: 500 customers of 50 organizations, and Alice among them. */
async function fill(publisher: string) {
  const client = new pg.Client({ connectionString: publisher });
  await client.connect();
  try {
    const { rows } = await client.query(
      "select organization_id, contact_id from customers where name = 'Alice Moreau'",
    );
    const { organization_id: organization, contact_id: contact } = rows[0];
    await client.query("begin");
    await client.query(
      `create temporary table made as
         select n, gen_random_uuid() as ticket_id,
           case when n <= 400 then $1::uuid else md5('o' || n % 50)::uuid end as organization_id,
           case when n <= 400 then $2::uuid else md5('c' || n % 500)::uuid end as contact_id,
           now() - n * interval '7 minutes' as at
         from generate_series(1, 10000) as n`,
      [organization, contact],
    );
    await client.query(`
      insert into published_tickets (organization_id, ticket_id, number, subject, status, requester_id, requester_name, created_at, updated_at, closed_at)
        select organization_id, ticket_id, 500000 + n, 'Conveyor ' || n || ' stops after the third box',
          case when n % 4 = 0 then 'closed' else 'waiting_on_customer' end, contact_id, 'Alice Moreau', at - interval '9 days', at,
          case when n % 4 = 0 then at end
        from made`);
    await client.query(`
      insert into ticket_access (organization_id, contact_id, ticket_id, open, updated_at)
        select organization_id, contact_id, ticket_id, n % 4 <> 0, at from made`);
    const words =
      "The conveyor at gate four stops after the third box and the display says E-17. We changed the sensor and looked at the log of the night. ";
    await client.query(
      `insert into published_entries (organization_id, release_id, ticket_id, kind, side, author_name, html, text, at)
         select organization_id, gen_random_uuid(), ticket_id, case when e % 2 = 0 then 'reply' else 'mail_received' end,
           case when e % 2 = 0 then 'team' else 'customer' end, case when e % 2 = 0 then 'Anna Albrecht' else 'Alice Moreau' end,
           '<p>' || $1::text || '</p><p>' || $1::text || '</p>', $1::text || e, at - e * interval '1 hour'
         from made, generate_series(1, 20) as e`,
      [words],
    );
    await client.query("commit");
    await client.query("analyze");
  } finally {
    await client.end();
  }
}
