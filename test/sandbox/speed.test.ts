import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aSandbox, type GraphUse, type SandboxWorld, support } from "./world.ts";

let world: SandboxWorld;
let anna: GraphUse;
let mail: { id: string; internetMessageId: string; conversationId: string };

beforeAll(async () => {
  world = await aSandbox();
  anna = await world.as("anna@deskhatch.test");
  await aMail("x");
  [mail] = (await anna.get(`${support}/mailFolders/inbox/messages?$top=1`)).body.value;
});

afterAll(() => world.end());

const aMail = (subject: string, inReplyTo = "<a@b.test>") =>
  world.smtp.sendMail({ from: "alice@harbourlight.test", to: "support@deskhatch.test", subject, text: "x", inReplyTo });

/** How SQLite goes about everything that it was asked during some work. */
async function plansOf(work: () => Promise<unknown>) {
  const { store } = world.sandbox;
  const asked = new Set<string>();
  const { all, one } = store;
  store.all = (sql, ...values) => all(asked.add(sql) && sql, ...values);
  store.one = (sql, ...values) => one(asked.add(sql) && sql, ...values);
  await work().finally(() => Object.assign(store, { all, one }));
  return [...asked].flatMap((sql) =>
    store.all<{ detail: string }>(`explain query plan ${sql}`).map(({ detail }) => ({ sql, detail })),
  );
}

const ask = async (questions: string[]) => {
  for (const question of questions) expect((await anna.get(`${support}/${question}`)).status).toBe(200);
};

test("no question of an everyday kind makes the store read everything", async () => {
  const plans = await plansOf(async () => {
    await ask([
      "mailFolders/inbox/messages?$top=50",
      `messages/${mail.id}?$expand=attachments`,
      "mailFolders/inbox/messages?$filter=receivedDateTime ge 2026-01-01T00:00:00Z&$orderby=receivedDateTime desc",
      "mailFolders/inbox/messages/delta",
      "mailFolders/inbox/messages/delta?$orderby=receivedDateTime desc",
      "mailFolders/inbox",
    ]);
    await aMail("y", mail.internetMessageId);
  });
  const scans = plans.filter(({ detail }) =>
    /^SCAN (m|message|content_chunk|attachment|extended_property|removal)\b|TEMP B-TREE/.test(detail),
  );
  expect(scans).toEqual([]);
  expect(plans.length).toBeGreaterThan(10);
});

test("a mail is found by its Message-ID, conversation or key without walking through its folder", async () => {
  const key = "String {00020329-0000-0000-C000-000000000046} Name Key";
  for (const place of ["messages", "mailFolders/inbox/messages"]) {
    const plans = await plansOf(() =>
      ask([
        `${place}?$filter=internetMessageId eq '${mail.internetMessageId}'`,
        `${place}?$filter=conversationId eq '${mail.conversationId}'`,
        `${place}?$filter=singleValueExtendedProperties/Any(ep: ep/id eq '${key}' and ep/value eq 'x')`,
      ]),
    );
    expect(plans.filter(({ detail }) => /message_by_(mailbox_)?time|^SCAN m/.test(detail))).toEqual([]);
  }
});
