/** The customer reads what was released, in exactly the words that were released, and nothing else the desk holds. */
import { type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
beforeAll(async () => {
  rooms = await twoRooms();
});
afterAll(() => rooms.close());

/** Anna's ticket from Alice's mail. */
async function aTicketOfAlice() {
  const anna = await rooms.anAgent({ name: "Anna Albrecht" });
  const alice = await rooms.aContact({ name: "Alice Moreau" });
  const mail = await rooms.aKeptMail({ from: alice, html: "<p>My lamp is dark.</p>", files: [{ name: "lamp.txt" }] });
  const ticket = await rooms.aTicket({
    messageId: mail.id,
    requesterId: alice.id,
    attachmentIds: "all",
    mailboxId: mail.mailboxId,
    by: anna,
  });
  return { anna, alice, mail, ...ticket, desk: rooms.agent(anna) };
}

test("a reply is read in the portal in exactly its words, beside what the customer wrote himself", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  const { status, body } = await desk.reply(number, { html: "<p>We have <b>sent</b> a new one.</p>" });
  expect(status).toBe(201);
  expect(body.visibility.to).toBe("customer");
  expect(body.visibility.publishedAt).not.toBeNull();

  const customer = await rooms.signedIn(alice);
  const page = await customer.json(`/tickets/${number}`);
  expect(
    page.body.entries.map((entry: { html: string; authorName: string; side: string }) => [
      entry.side,
      entry.authorName,
      entry.html,
    ]),
  ).toEqual([
    ["customer", "Alice Moreau", "<p>My lamp is dark.</p>"],
    ["team", "Anna Albrecht", "<p>We have <b>sent</b> a new one.</p>"],
  ]);
  expect(page.body.entries[0].files.map((file: { name: string }) => file.name)).toEqual(["lamp.txt"]);
  expect(page.body.status.key).toBe("waiting_on_customer");
});

test("a note stays with the team: the customer's answers are byte for byte the same before and after it", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  await desk.reply(number, { html: "<p>We look into it.</p>" });
  const customer = await rooms.signedIn(alice);
  const look = async () =>
    Promise.all(["/", "/?show=closed", "/?search=spare", `/tickets/${number}`].map((path) => customer.json(path)));
  await rooms.settled();
  const before = await look();
  expect((await desk.note(number, { html: "<p>spare lamps are out of stock</p>" })).status).toBe(201);
  await rooms.settled();
  expect(JSON.stringify(await look())).toBe(JSON.stringify(before));
});
