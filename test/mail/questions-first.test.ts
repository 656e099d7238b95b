/** Mails of one thread that arrive in the same second: whatever order they come in, no answer before what it answers. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Place, questionsFirst } from "../../server/desk/mail/questions-first.ts";

const inOrder = (mails: Place[]) => questionsFirst(mails, (mail) => mail).map(({ messageId }) => messageId);
const sameSecond = 1_800_000_000_000;
const mail = (messageId: string, references: string[], at = sameSecond): Place => ({ messageId, references, at });

/** Each mail of a thread answers an earlier one, and names that one alone, the whole way back, or a way with gaps. */
const thread = fc
  .array(fc.record({ answers: fc.nat(), alsoNames: fc.array(fc.boolean(), { maxLength: 8 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((shapes) =>
    shapes.map(({ answers, alsoNames }, index) => {
      const earlier = [...shapes.keys()].slice(0, index).filter((each) => each === answers % index || alsoNames[each]);
      return mail(
        `m${index}`,
        earlier.map((each) => `m${each}`),
      );
    }),
  );

const shuffled = thread.chain((mails) =>
  fc.shuffledSubarray(mails, { minLength: mails.length, maxLength: mails.length }),
);

test("in whatever order a thread comes in, each mail is filed after those it names", () => {
  fc.assert(
    fc.property(shuffled, (mails) => {
      const order = inOrder(mails);
      expect(order.toSorted()).toEqual(mails.map(({ messageId }) => messageId).toSorted());
      for (const { messageId, references } of mails)
        for (const id of references) expect(order.indexOf(id)).toBeLessThan(order.indexOf(messageId));
    }),
  );
});

test("a chain in which each mail names only the one before it comes out whole", () => {
  const chain = [mail("d", ["c"]), mail("c", ["b"]), mail("b", ["a"]), mail("a", [])];
  expect(inOrder(chain)).toEqual(["a", "b", "c", "d"]);
});

test("an answer whose clock of arrival runs ahead of its question waits for it", () => {
  expect(inOrder([mail("answer", ["question"], sameSecond - 1000), mail("question", [])])).toEqual([
    "question",
    "answer",
  ]);
});

test("what belongs to no thread keeps the order of its arrival", () => {
  expect(inOrder([mail("late", [], sameSecond + 1000), mail("early", ["elsewhere"])])).toEqual(["early", "late"]);
});

test("mails that name each other in a circle, or themselves, are neither lost nor doubled", () => {
  const circle = [mail("a", ["c"]), mail("b", ["a"]), mail("c", ["b"]), mail("d", ["d"])];
  expect(inOrder(circle).toSorted()).toEqual(["a", "b", "c", "d"]);
});

test("mails without a Message-ID and two with the same one are all filed", () => {
  const nameless: Place = { messageId: null, references: [], at: sameSecond };
  const mails = [mail("b", ["a"]), nameless, { ...nameless }, mail("a", []), mail("a", [])];
  expect(inOrder(mails)).toEqual(["a", "a", "b", null, null]);
});
