import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { aSandbox, type GraphUse, type SandboxWorld } from "./world.ts";

let world: SandboxWorld;
let anna: GraphUse;

beforeAll(async () => {
  world = await aSandbox();
  anna = await world.as("anna@deskhatch.test");
});

afterAll(() => world.end());

/** A reader of one folder who believes only what delta tells her. */
function aReader(folderId: string, pageSize: number, newestFirst: boolean, ids: "immutable" | "ordinary") {
  const known = new Map<string, boolean>();
  const order = newestFirst ? "&$orderby=receivedDateTime desc" : "";
  const prefer = `odata.maxpagesize=${pageSize}${ids === "immutable" ? ', IdType="ImmutableId"' : ""}`;
  let link: string | null = null;
  let atRest = false;

  return {
    known,
    async readOnePage() {
      const { body } = await anna.get(link ?? `/me/mailFolders/${folderId}/messages/delta?$select=isRead${order}`, {
        prefer,
      });
      for (const item of body.value) {
        if (item["@removed"]) known.delete(item.id);
        else known.set(item.id, item.isRead);
      }
      atRest = body["@odata.deltaLink"] !== undefined;
      link = body["@odata.deltaLink"] ?? body["@odata.nextLink"];
    },
    async readToTheEnd() {
      do await this.readOnePage();
      while (!atRest);
      // What happened during the round is told in the next one.
      do await this.readOnePage();
      while (!atRest);
    },
  };
}

const act = fc.record({
  what: fc.constantFrom("deliver", "deliver", "update", "moveOut", "moveBack", "delete", "forget", "read", "readPage"),
  which: fc.nat(),
});

test("whatever happens to a folder, every reader ends with what the folder holds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.constantFrom("immutable" as const, "ordinary" as const),
      async (acts, pageSize, newestFirst, ids) => {
        const here = (await anna.post("/me/mailFolders", { displayName: "Here" })).body.id;
        const there = (await anna.post("/me/mailFolders", { displayName: "There" })).body.id;
        const reader = aReader(here, pageSize, newestFirst, ids);

        for (const { what, which } of acts) await happen(what, which, here, there, reader);
        await reader.readToTheEnd();

        const prefer = ids === "immutable" ? { prefer: 'IdType="ImmutableId"' } : undefined;
        const truth = await anna.get(`/me/mailFolders/${here}/messages?$top=1000&$select=isRead`, prefer);
        const folder = truth.body.value.map((mail: { id: string; isRead: boolean }) => [mail.id, mail.isRead]);
        expect([...reader.known].sort()).toEqual(folder.sort());
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);

async function happen(what: string, which: number, here: string, there: string, reader: ReturnType<typeof aReader>) {
  const oneOf = async (folder: string): Promise<string | undefined> => {
    const { body } = await anna.get(`/me/mailFolders/${folder}/messages?$top=1000&$select=id`);
    return body.value[which % Math.max(1, body.value.length)]?.id;
  };
  if (what === "read") return reader.readToTheEnd();
  if (what === "readPage") return reader.readOnePage();
  if (what === "deliver") return void (await anna.post(`/me/mailFolders/${here}/messages`, { subject: "new" }));
  const id = await oneOf(what === "moveBack" ? there : here);
  if (!id) return;
  if (what === "update") await anna.patch(`/me/messages/${id}`, { isRead: which % 2 === 0 });
  if (what === "moveOut") await anna.post(`/me/messages/${id}/move`, { destinationId: there });
  if (what === "moveBack") await anna.post(`/me/messages/${id}/move`, { destinationId: here });
  if (what === "delete") await anna.delete(`/me/messages/${id}`);
  if (what === "forget") await anna.post(`/me/messages/${id}/permanentDelete`);
}

test("a reader of new mails only is told of new mails only", async () => {
  const folder = (await anna.post("/me/mailFolders", { displayName: "Only new" })).body.id;
  const { id } = (await anna.post(`/me/mailFolders/${folder}/messages`, { subject: "first" })).body;
  let page = (await anna.get(`/me/mailFolders/${folder}/messages/delta?changeType=created`)).body;
  expect(page.value).toHaveLength(1);
  await anna.patch(`/me/messages/${id}`, { isRead: false });
  page = (await anna.get(page["@odata.deltaLink"])).body;
  expect(page.value).toEqual([]);
  await anna.post(`/me/mailFolders/${folder}/messages`, { subject: "second" });
  page = (await anna.get(page["@odata.deltaLink"])).body;
  expect(page.value).toHaveLength(1);
});

test("a token of another folder, and one that is none, is refused", async () => {
  const link = (await anna.get("/me/mailFolders/inbox/messages/delta")).body["@odata.deltaLink"];
  expect((await anna.get(link.replace("inbox", "archive"))).status).toBe(400);
  expect((await anna.get("/me/mailFolders/inbox/messages/delta?$deltatoken=rubbish")).status).toBe(400);
});
