import { expect, test } from "@jest/globals";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../../prisma/generated/desk/client.ts";
import { withoutValues } from "../../server/platform/log.ts";

test("a failure in the log names what went wrong, and nothing of the words that were to be written", async () => {
  // Refused before anything is asked of a database.
  const desk = new PrismaClient({
    adapter: new PrismaPg({ connectionString: "postgresql://nobody@127.0.0.1:1/none" }),
  });
  const wish = { name: "Alice Moreau", addresses: { create: { address: "alice@customer.test" } } };
  const failure = await desk.contact.create({ data: wish as never }).then(
    () => new Error("It was written."),
    (error: Error) => error,
  );
  expect(failure.message).toContain("alice@customer.test");
  const told = JSON.stringify(withoutValues(failure));
  expect(told).toContain("contact.create()");
  expect(told).toContain("log.test.ts");
  expect(told).not.toMatch(/Alice|customer\.test/);
});

test("every other failure is told as it is", () => {
  expect(withoutValues(new Error("The disk is full."))).toMatchObject({ message: "The disk is full." });
});
