/** Whatever agents and customers do in whatever order, the portal shows exactly the releases that nobody retracted. */
import fc from "fast-check";
import { hashOf } from "../../server/release/words.ts";
import { type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
let desk: ReturnType<TwoRooms["agent"]>;
beforeAll(async () => {
  rooms = await twoRooms();
  desk = rooms.agent(await rooms.anAgent({ name: "Anna Albrecht" }));
});
afterAll(() => rooms.close());

/** What a person believes: which entries there are, what they say, and which of them are shown. */
type Model = { shown: Map<string, string>; hidden: Map<string, string>; inPortal: boolean };
type Step =
  | { do: "note" | "reply" | "mail"; words: string }
  | { do: "release" | "retract"; which: number }
  | { do: "show ticket" }
  | { do: "change status"; to: string };

const words = fc
  .string({
    unit: fc.constantFrom("lamp", " ", "<b>bold</b>", "&amp;", "ü", "<script>x</script>", "🔦"),
    minLength: 1,
    maxLength: 6,
  })
  .filter((text) => /lamp|bold|ü|🔦/.test(text));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("note" as const, "reply" as const, "mail" as const), words }),
  fc.record({ do: fc.constantFrom("release" as const, "retract" as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant("show ticket" as const) }),
  fc.record({
    do: fc.constant("change status" as const),
    to: fc.constantFrom("in_progress", "waiting_on_third_party", "resolved"),
  }),
);

const nth = (entries: Map<string, string>, which: number) => [...entries][which % Math.max(1, entries.size)];

/** Does it through the API, and to the model. */
async function act(
  ticket: { id: string; number: number; alice: Awaited<ReturnType<TwoRooms["aContact"]>> },
  model: Model,
  wish: Step,
) {
  switch (wish.do) {
    case "note": {
      const { body } = await desk.note(ticket.number, { html: `<p>${wish.words}</p>` });
      model.hidden.set(body.id, body.html);
      return;
    }
    case "reply": {
      const { body } = await desk.reply(ticket.number, { html: `<p>${wish.words}</p>` });
      model.shown.set(body.id, body.html);
      model.inPortal = true;
      return;
    }
    case "mail": {
      const mail = await rooms.aKeptMail({
        from: ticket.alice,
        html: `<p>${wish.words.replace(/<script>.*?<\/script>/g, "")}</p>`,
        mailboxId: null,
      });
      await desk.ask.post(`/api/tickets/${ticket.number}/mails`, { messageId: mail.id, attachmentIds: [] });
      const entry = await rooms.desk.entry.findUniqueOrThrow({ where: { messageId: mail.id } });
      model.shown.set(entry.id, entry.html);
      return;
    }
    case "release": {
      const [id, html] = nth(model.hidden, wish.which) ?? [];
      if (!id || html === undefined) return;
      expect((await desk.release(ticket.number, id, {})).status).toBe(201);
      model.hidden.delete(id);
      model.shown.set(id, html);
      model.inPortal = true;
      return;
    }
    case "retract": {
      const [id, html] = model.inPortal ? (nth(model.shown, wish.which) ?? []) : [];
      if (!id || html === undefined) return;
      await rooms.settled();
      expect((await desk.retract(ticket.number, id)).status).toBe(200);
      model.shown.delete(id);
      model.hidden.set(id, html);
      return;
    }
    case "show ticket": {
      expect((await desk.show(ticket.number)).status).toBe(200);
      model.inPortal = true;
      return;
    }
    case "change status": {
      const { version } = await rooms.desk.ticket.findUniqueOrThrow({
        where: { id: ticket.id },
        select: { version: true },
      });
      await desk.ask.patch(`/api/tickets/${ticket.number}`, { status: wish.to }, { "If-Match": `"${version}"` });
    }
  }
}

test("the portal shows exactly the set of releases that were not retracted, in the approved bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const alice = await rooms.aContact({ name: "Alice Moreau" });
      const ticket = {
        ...(await rooms.aTicket({ requesterId: alice.id, mailboxId: (await rooms.aMailbox()).id })),
        alice,
      };
      const model: Model = { shown: new Map(), hidden: new Map(), inPortal: false };
      for (const wish of steps) await act(ticket, model, wish);
      await rooms.settled();

      const published = await rooms.publisher.publishedEntry.findMany({ where: { ticketId: ticket.id } });
      const releases = await rooms.desk.release.findMany({
        where: { id: { in: published.map(({ releaseId }) => releaseId) } },
      });
      const shown = new Map(
        releases.map(({ id, entryId }) => [entryId, published.find(({ releaseId }) => releaseId === id)?.html]),
      );
      expect(shown).toEqual(model.inPortal ? model.shown : new Map());
      for (const { id, htmlSha256, retractedAt } of releases) {
        expect(hashOf(published.find(({ releaseId }) => releaseId === id)?.html ?? "")).toBe(htmlSha256);
        expect(retractedAt).toBeNull();
      }
      expect(await rooms.publisher.publishedTicket.count({ where: { ticketId: ticket.id } })).toBe(
        Number(model.inPortal),
      );
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
