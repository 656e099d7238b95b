/** Access hangs off the CRM's contact: whom it deletes cannot sign in to the portal any more, and whom it has again can. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { watchedCsv } from "../../server/desk/crm/csv/watched.ts";
import { followCrm } from "../../server/desk/crm/workers.ts";
import { eventually, type TwoRooms, twoRooms } from "../wall/world.ts";

let world: TwoRooms;
const folder = mkdtempSync(join(tmpdir(), "deskhatch-former-"));

beforeAll(async () => {
  world = await twoRooms();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a customer who leaves the CRM loses the portal, not the history; coming back opens it again", async () => {
  const file = join(folder, "contacts.csv");
  const crm = watchedCsv(file);
  const lists = async (...people: string[]) => {
    writeFileSync(file, ["name,email", ...people].join("\n"));
    await followCrm(world.context, crm);
  };
  const admitted = () => world.publisher.customerAddress.count({ where: { address: "fay@former.test" } });
  await lists("Fay Former,fay@former.test", "Gil Stays,gil@former.test");
  const fay = await world.desk.contact.findFirstOrThrow({ where: { name: "Fay Former" } });
  await world.desk.contact.update({ where: { id: fay.id }, data: { invitedAt: new Date() } });
  await world.queue.enqueue(world.desk, "publish-contact", { contactId: fay.id });
  await eventually(async () => (await admitted()) === 1);

  await lists("Gil Stays,gil@former.test");
  await eventually(async () => (await admitted()) === 0);
  expect(await world.desk.contactAddress.count({ where: { address: "fay@former.test" } })).toBe(1);

  await lists("Fay Former,fay@former.test", "Gil Stays,gil@former.test");
  await eventually(async () => (await admitted()) === 1);
});
