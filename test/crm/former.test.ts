/** Access hangs off the CRM's contact: whom it deletes has no way in to the portal any more, and whom it has again has. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { watchedCsv } from "../../server/desk/crm/csv/watched.ts";
import { followCrm } from "../../server/desk/crm/workers.ts";
import type { Agent } from "../desk/world.ts";
import { type TwoRooms, twoRooms } from "../wall/world.ts";

let world: TwoRooms;
let anna: Agent;
const folder = mkdtempSync(join(tmpdir(), "deskhatch-former-"));
const file = join(folder, "contacts.csv");

beforeAll(async () => {
  world = await twoRooms();
  anna = await world.anAgent({ name: "Anna" });
  await world.aMailbox();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the CRM has from now on, once both rooms know it. */
async function crmLists(...people: string[]) {
  writeFileSync(file, ["name,email", ...people].join("\n"));
  await followCrm(world.context, watchedCsv(file));
  await world.settled();
}

const person = (name: string) =>
  world.desk.contact.findFirstOrThrow({ where: { name }, select: { id: true, organizationId: true } });

/** A ticket that its requester sees in the portal; answers the secret of the link in the mail of its reply. */
async function aShownTicket(requesterId: string) {
  const { id, number } = await world.aTicket({ requesterId });
  return { id, number, secret: await replyTo(number) };
}

/** The secret that the mail of a new reply carries, if it carries one. */
async function replyTo(number: number) {
  const { body } = await world.agent(anna).reply(number, { html: "<p>Done.</p>" });
  await world.settled();
  const { mail } = await world.desk.sending.findFirstOrThrow({ where: { entryId: body.id } });
  return /\/l\/([\w-]{22,})/.exec(JSON.stringify(mail))?.[1];
}

const opens = async (secret?: string) => (await world.visitor().get(`/l/${secret}`)).status === 303;
const invite = (contactId: string) => world.agent(anna).ask.post(`/api/contacts/${contactId}/invitation`, {});

test("a customer who leaves the CRM has no way in any more, only history; coming back opens everything again", async () => {
  const [fay, gil] = ["Fay Former,fay@former.test", "Gil Stays,gil@former.test"];
  await crmLists(fay, gil);
  const { id } = await person("Fay Former");
  const { number, secret } = await aShownTicket(id);
  const elsewhere = await aShownTicket((await world.aContact()).id);
  await world.desk.participant.create({ data: { ticketId: elsewhere.id, contactId: id, because: "asked for" } });
  await replyTo(elsewhere.number);
  const browser = await world.signedIn({ address: "fay@former.test" });
  const reading = world.visitor();
  const { location } = await reading.get(`/l/${secret}`);
  const reads = async () => [(await browser.get("/")).status, (await reading.get(`${location}`)).status];
  expect(await reads()).toEqual([200, 200]);

  await crmLists(gil);
  expect(await reads()).toEqual([303, 404]);
  expect(await opens(secret)).toBe(false);
  const nobodys = await world.visitor().get(`/l/${"x".repeat(32)}`);
  expect((await world.visitor().get(`/l/${secret}`)).text).toBe(nobodys.text.replaceAll("x".repeat(32), secret ?? ""));
  await world.visitor().post("/sign-in", { address: "fay@former.test" });
  expect(await world.publisher.portalMail.count({ where: { address: "fay@former.test" } })).toBe(1);
  expect(await world.desk.contactAddress.count({ where: { address: "fay@former.test" } })).toBe(1);

  const ways = async () => {
    const rows = await world.publisher.customer.findMany({ where: { contactId: id }, select: { disabledAt: true } });
    return rows.map(({ disabledAt }) => (disabledAt ? "shut" : "open"));
  };
  expect(await ways()).toEqual(["shut", "shut"]);

  // Publishing the tickets for another reason opens nothing; the answer to her is mailed, and leads nowhere.
  expect(await replyTo(number)).toBeUndefined();
  await replyTo(elsewhere.number);
  expect(await opens(secret)).toBe(false);
  expect(await ways()).toEqual(["shut", "shut"]);

  await crmLists(fay, gil);
  expect(await opens(secret)).toBe(true);
  expect(await ways()).toEqual(["open", "open"]);
  expect((await (await world.signedIn({ address: "fay@former.test" })).get(`/tickets/${number}`)).status).toBe(200);
});

test("whom the CRM has deleted cannot be invited, and the sentence says what to do; back in the CRM he can", async () => {
  const [hal, ida] = ["Hal Gone,hal@former.test", "Ida Stays,ida@former.test"];
  await crmLists(hal, ida);
  const { id } = await person("Hal Gone");
  await crmLists(ida);
  const { status, body } = await invite(id);
  expect([status, body.detail]).toEqual([
    409,
    "The CRM has deleted Hal Gone, so the portal stays closed. Add the contact to the CRM again first.",
  ]);
  expect(await world.desk.sending.count({ where: { recipients: { has: "hal@former.test" } } })).toBe(0);
  expect(await world.desk.contact.count({ where: { id, invitedAt: { not: null } } })).toBe(0);
  const contact = async () => (await world.agent(anna).ask.get(`/api/contacts/${id}`)).body.contact;
  expect(await contact()).toMatchObject({ former: true, invited: false });

  await crmLists(hal, ida);
  expect((await invite(id)).status).toBe(201);
  expect(await contact()).toMatchObject({ former: false, invited: true });
  await world.signedIn({ address: "hal@former.test" });
});

test("nobody else loses anything by it: a colleague's session and links stay", async () => {
  const [jo, kim] = ["Jo Gone,jo@former.test", "Kim Stays,kim@former.test"];
  await crmLists(jo, kim);
  const { id } = await person("Kim Stays");
  const { number, id: ticketId, secret } = await aShownTicket(id);
  await world.desk.participant.create({
    data: { ticketId, contactId: (await person("Jo Gone")).id, because: "asked for" },
  });
  const browser = await world.signedIn({ address: "kim@former.test" });
  await crmLists(kim);
  expect((await browser.get(`/tickets/${number}`)).status).toBe(200);
  expect(await opens(secret)).toBe(true);
});
