import { DatabaseSync } from "node:sqlite";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseFilter } from "../../sandbox/graph/filter.ts";
import { GraphProblem } from "../../sandbox/graph/problem.ts";
import { schema } from "../../sandbox/schema.ts";

const database = new DatabaseSync(":memory:");
database.exec(schema);

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Also words that every object knows, such as constructor. */
const text = fc.oneof(fc.string(), fc.constantFrom("constructor", "__proto__", "toString"));
const term = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("subject", "internetMessageId", "conversationId", "from/emailAddress/address"),
      fc.constantFrom("eq", "ne"),
      text,
    )
    .map(([name, operator, value]) => `${name} ${operator} ${quoted(value)}`),
  fc.tuple(fc.constantFrom("isRead", "hasAttachments"), fc.boolean()).map(([name, value]) => `${name} eq ${value}`),
  fc
    .tuple(fc.constantFrom("ge", "lt"), fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }))
    .map(([operator, date]) => `receivedDateTime ${operator} ${date.toISOString()}`),
  fc.tuple(fc.constantFrom("startswith", "contains"), text).map(([name, value]) => `${name}(subject,${quoted(value)})`),
  fc
    .tuple(text, text)
    .map(
      ([id, value]) => `singleValueExtendedProperties/Any(ep: ep/id eq ${quoted(id)} and ep/value eq ${quoted(value)})`,
    ),
  text.map((value) => `categories/any(c:c eq ${quoted(value)})`),
);
const filter = fc
  .tuple(term, fc.array(fc.tuple(fc.constantFrom("and", "or"), fc.boolean(), term), { maxLength: 4 }))
  .map(([first, more]) =>
    more.reduce((left, [joint, negated, right]) => `(${left}) ${joint} ${negated ? `not (${right})` : right}`, first),
  );

test("every filter that can be said is understood, and its words stay values", () => {
  fc.assert(
    fc.property(filter, (said) => {
      const { sql, values } = parseFilter(said);
      expect(() => database.prepare(`select 1 from message m where ${sql}`).all(...values)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

test("whatever else is said is refused as a bad request, never as a crash", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((noise) => `subject eq ${noise}`),
        text.map((name) => `${name} eq 'x'`),
        text.map((operator) => `subject ${operator} 'x'`),
        fc.nat(3000).map((depth) => `${"(".repeat(depth)}isRead eq true${")".repeat(depth)}`),
      ),
      (said) => {
        try {
          const { sql, values } = parseFilter(said);
          database.prepare(`select 1 from message m where ${sql}`).all(...values);
        } catch (problem) {
          expect(problem).toBeInstanceOf(GraphProblem);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
