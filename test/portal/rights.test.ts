import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { aCustomer, aPortal, aRelease, aTicketOf, type PortalWorld } from "./world.ts";

let portal: PortalWorld;
let client: pg.Client;
beforeAll(async () => {
  portal = await aPortal();
  const alice = await aCustomer(portal);
  await aRelease(portal, await aTicketOf(portal, alice));
  client = new pg.Client({ connectionString: portal.rooms.portal });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await portal.end();
});

const refused = "42501";
const code = (sql: string) =>
  client.query(sql).then(
    () => "done",
    (error: pg.DatabaseError) => error.code,
  );

test.each([
  "organizations",
  "customers",
  "customer_addresses",
  "published_tickets",
  "ticket_access",
  "published_entries",
  "published_files",
  "secure_links",
])("the portal reads %s and can neither add to, change, delete from nor empty it", async (table) => {
  expect(await code(`select * from ${table}`)).toBe("done");
  expect(await code(`insert into ${table} default values`)).toBe(refused);
  expect(await code(`update ${table} set organization_id = gen_random_uuid()`)).toBe(refused);
  expect(await code(`delete from ${table}`)).toBe(refused);
  expect(await code(`truncate ${table}`)).toBe(refused);
});

test("the portal adds to what customers wrote but changes nothing of it, and cannot say that the desk has it", async () => {
  for (const table of ["customer_acts", "uploaded_files", "portal_mails", "portal_events"]) {
    expect(await code(`delete from ${table}`)).toBe(refused);
    expect(await code(`truncate ${table}`)).toBe(refused);
  }
  expect(await code("update customer_acts set collected_at = now()")).toBe(refused);
  expect(await code("update portal_mails set sent_at = now()")).toBe(refused);
  expect(await code("select * from portal_events")).toBe(refused);
});

test("the portal makes no tables, no functions and no roles", async () => {
  expect(await code("create table mine (id int)")).toBe(refused);
  expect(await code("create function f() returns int language sql as 'select 1'")).toBe(refused);
  expect(await code("create role mine")).toBe(refused);
});

test("the portal cannot enter the desk's database", async () => {
  const desk = new URL(portal.rooms.portal);
  desk.pathname = new URL(portal.rooms.desk).pathname;
  await expect(new pg.Client({ connectionString: desk.href }).connect()).rejects.toMatchObject({ code: refused });
});
