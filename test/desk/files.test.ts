import { rename, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;
let ben: Agent;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent();
  ben = await world.anAgent();
});
afterAll(() => world.close());

const upload = (name: string, content: string, type = "text/plain", who = anna) =>
  world.as(who).post(`/api/uploads?name=${encodeURIComponent(name)}`, content, { "Content-Type": type });

test("a file of a mail comes back byte for byte, and only to be kept", async () => {
  const kept = await world.aKeptMail({ files: [{ name: "Größe “1”.html", content: "<script>alert(1)</script>" }] });
  const answer = await world.as(ben).get(`/api/attachments/${kept.attachments[0]?.id}`);
  expect(answer).toMatchObject({ status: 200, text: "<script>alert(1)</script>" });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-disposition": `attachment; filename="Gr__e _1_.html"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%E2%80%9C1%E2%80%9D.html`,
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
  });
});

test("an upload is its agent's own until it is used", async () => {
  const { body } = await upload("draft.txt", "not yet");
  expect((await world.as(anna).get(`/api/attachments/${body.id}`)).text).toBe("not yet");
  const foreign = await world.as(ben).get(`/api/attachments/${body.id}`);
  const unknown = await world.as(ben).get("/api/attachments/00000000-0000-4000-8000-000000000000");
  expect(foreign.status).toBe(404);
  expect(foreign.body).toEqual(unknown.body);
});

test("JSON, and anything else, is kept as the bytes it is", async () => {
  const { body } = await upload("data.json", '{"a": 1 }', "application/json");
  expect((await world.as(anna).get(`/api/attachments/${body.id}`)).text).toBe('{"a": 1 }');
});

test.each([
  ["../../etc/passwd", "passwd"],
  ["C:\\temp\\a.txt", "a.txt"],
  ["a\u0000b\r\nSet-Cookie: x.txt", "abSet-Cookie_ x.txt"],
  ["invoice\u202efdp.exe", "invoicefdp.exe"],
  [" .hidden. ", "hidden"],
])("the name %j is kept as %j", async (given, name) => {
  expect((await upload(given, "x")).body.name).toBe(name);
});

test.each(["", "..", "/", " . "])("%j is no name", async (name) => {
  expect((await upload(name, "x")).status).toBe(400);
});

test.each([
  ["text/html; charset=utf-8", "text/html"],
  ["nonsense", "application/octet-stream"],
  ["TEXT/CSV", "text/csv"],
])("the type %j is kept as %j", async (given, type) => {
  expect((await upload("a", "x", given)).body.type).toBe(type);
});

test("an empty file and one larger than a mail carries are refused, and leave nothing", async () => {
  expect((await upload("empty.txt", "")).status).toBe(400);
  const before = await world.desk.attachment.count();
  const tooLarge = await upload("film.mp4", "x".repeat(35 * 1024 * 1024 + 1));
  expect(tooLarge).toMatchObject({ status: 413, body: { detail: expect.stringContaining("35 MB") } });
  expect(await world.desk.attachment.count()).toBe(before);
});

test("a body that does not say how long it is stops at the limit", async () => {
  const chunk = new Uint8Array(1024 * 1024);
  let sent = 0;
  const endless = new ReadableStream({
    pull: (controller) => {
      sent += 1;
      controller.enqueue(chunk);
      if (sent > 200) controller.close();
    },
  });
  const request = fetch(`${world.url}/api/uploads?name=endless`, {
    method: "POST",
    body: endless,
    duplex: "half",
    headers: { Authorization: `Bearer ${await world.entra.token(tokenOf(anna))}` },
  } as RequestInit);
  const status = await request.then(({ status }) => status).catch(() => "connection ended");
  expect([413, "connection ended"]).toContain(status);
  expect(sent).toBeLessThan(100);
});

const tokenOf = (agent: Agent) => ({
  tid: "6d2f8a34-6c1e-4b5a-9f0e-5a3d1c7b9e10",
  oid: agent.objectId,
  name: agent.name,
  preferred_username: agent.address,
  roles: [agent.role],
});

test("CRASH-04: on a full disk an upload is refused with a sentence, and goes once there is room", async () => {
  const folder = world.settings.DESK_FILES;
  await rename(folder, `${folder}-away`);
  await writeFile(folder, "");
  const refused = await upload("late.txt", "no room for this");
  expect(refused).toMatchObject({ status: 507, body: { detail: expect.stringContaining("no room for files") } });

  await rm(folder);
  await rename(`${folder}-away`, folder);
  expect((await upload("late.txt", "no room for this")).status).toBe(201);
});
