import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client, FileUpload, LargeFileUploadTask, PageIterator } from "@microsoft/microsoft-graph-client";
import { aSandbox, type SandboxWorld } from "./world.ts";

let world: SandboxWorld;
let client: Client;

/** Microsoft's own client; only the address differs from production. */
beforeAll(async () => {
  world = await aSandbox();
  const { token } = await world.sandbox.graphToken("anna@deskhatch.test");
  client = Client.initWithMiddleware({
    baseUrl: `${world.sandbox.url}/`,
    customHosts: new Set(["localhost"]),
    authProvider: { getAccessToken: async () => token },
  });
});

afterAll(() => world.end());

test("its uploads, pages and retries work", async () => {
  const draft = await client
    .api("/me/messages")
    .post({ subject: "Large", toRecipients: [{ emailAddress: { address: "alice@harbourlight.test" } }] });
  const bytes = Buffer.alloc(7 * 1024 * 1024, "x");
  const AttachmentItem = { attachmentType: "file", name: "large.bin", size: bytes.length };
  const session = await LargeFileUploadTask.createUploadSession(
    client,
    `/me/messages/${draft.id}/attachments/createUploadSession`,
    { AttachmentItem },
  );
  const file = new FileUpload(new Uint8Array(bytes).buffer, "large.bin", bytes.length);
  const { location } = await new LargeFileUploadTask(client, file, session, { rangeSize: 3 * 1024 * 1024 }).upload();
  expect(location).toContain("/Attachments('");
  const { value } = await client.api(`/me/messages/${draft.id}/attachments`).select("name,size").get();
  expect(value).toMatchObject([{ name: "large.bin", size: bytes.length }]);

  for (let at = 0; at < 12; at++) await client.api("/me/messages").post({ subject: `page ${at}` });
  const seen: string[] = [];
  const first = await client.api("/me/mailFolders/drafts/messages").top(5).select("subject").get();
  await new PageIterator(client, first, ({ subject }) => seen.push(subject) > 0).iterate();
  expect(seen).toHaveLength(13);

  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "/me/mailFolders/inbox" }, do: "429", retryAfter: 1 });
  expect((await client.api("/me/mailFolders/inbox").get()).displayName).toBe("Inbox");
  await expect(client.api("/me/messages/nonsense").get()).rejects.toMatchObject({
    statusCode: 400,
    code: "ErrorInvalidIdMalformed",
  });
});
