import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mailboxRoutes } from "../../sandbox/graph/routes.ts";
import { contractIsHere, exercised } from "./contract.ts";
import { aSandbox, type GraphUse, immutable, type SandboxWorld, support } from "./world.ts";

let world: SandboxWorld;
let anna: GraphUse;
let alice: GraphUse;

beforeAll(async () => {
  world = await aSandbox();
  anna = await world.as("anna@deskhatch.test");
  alice = await world.as("alice@harbourlight.test");
  if (!contractIsHere)
    process.stdout.write(
      "skipped: Microsoft's contract is not beside the repository; our own essentials are checked\n",
    );
});

afterAll(() => world.end());

async function aMail(subject: string, more: object = {}) {
  await world.smtp.sendMail({
    from: { name: "Alice Moreau", address: "alice@harbourlight.test" },
    to: "support@deskhatch.test",
    subject,
    text: `About ${subject}`,
    ...more,
  });
  const { body } = await anna.get(`${support}/mailFolders/inbox/messages?$top=1`);
  expect(body.value[0].subject).toBe(subject);
  return body.value[0];
}

test("what Alice sends by SMTP lies in the support inbox, with its headers and its bytes", async () => {
  const mail = await aMail("Crane 7 stands still", { headers: { "X-Ship": "Harbour" } });

  const { body } = await anna.get(`${support}/messages/${mail.id}?$select=internetMessageHeaders,subject`);
  expect(body.internetMessageHeaders).toContainEqual({ name: "X-Ship", value: "Harbour" });
  expect(body.internetMessageHeaders).toContainEqual({
    name: "Authentication-Results",
    value: expect.stringContaining("sandbox.protection.test; spf=pass"),
  });
  const { text, headers } = await anna.get(`${support}/messages/${mail.id}/$value`);
  expect(text).toContain("\r\nX-Ship: Harbour\r\n");
  expect(headers.get("content-type")).toMatch(/^text\/plain/);
  expect(mail.conversationId).toBeTruthy();
});

test("a body comes as HTML unless text is preferred, and the answer says so", async () => {
  const { id } = await aMail("Plain words", { text: "5 < 6 & so on" });

  const html = await anna.get(`${support}/messages/${id}`);
  expect(html.body.body).toEqual({ contentType: "html", content: expect.stringContaining("5 &lt; 6 &amp; so on") });
  const text = await anna.get(`${support}/messages/${id}`, { prefer: 'outlook.body-content-type="text"' });
  expect(text.body.body).toEqual({ contentType: "text", content: expect.stringContaining("5 < 6 & so on") });
  expect(text.headers.get("preference-applied")).toBe('outlook.body-content-type="text"');
});

test("the immutable id outlives a move, the ordinary id does not", async () => {
  const { id } = await aMail("On the move");
  const stays = (await anna.get(`${support}/messages/${id}`, immutable)).body.id;

  const moved = await anna.post(`${support}/messages/${id}/move`, { destinationId: "archive" });
  expect(moved.status).toBe(201);
  expect(moved.body.id).not.toBe(id);
  expect((await anna.get(`${support}/messages/${stays}`)).body.subject).toBe("On the move");
  const gone = await anna.get(`${support}/messages/${id}`);
  expect([gone.status, gone.body.error.code]).toEqual([404, "ErrorItemNotFound"]);
  expect((await anna.get(`${support}/messages/nonsense`)).body.error.code).toBe("ErrorInvalidIdMalformed");
  const both = { inputIds: [moved.body.id], sourceIdType: "restId", targetIdType: "restImmutableEntryId" };
  expect((await anna.post(`${support}/translateExchangeIds`, both)).body.value[0].targetId).toBe(stays);
});

test("lists are filtered, sorted, counted and paged as Exchange does", async () => {
  for (const subject of ["page one", "page two", "page three"]) await aMail(subject);
  const first = await anna.get(
    `${support}/mailFolders/inbox/messages?$top=2&$count=true&$filter=contains(subject,'page ')&$select=subject`,
  );
  expect(first.body["@odata.count"]).toBe(3);
  expect(first.body.value).toHaveLength(2);
  const second = await anna.get(first.body["@odata.nextLink"]);
  expect(second.body.value).toHaveLength(1);
  expect(second.body["@odata.nextLink"]).toBeUndefined();
  expect(Object.keys(second.body.value[0]).sort()).toEqual(["@odata.etag", "id", "subject"]);

  const messageId = (await aMail("found by its id")).internetMessageId;
  const found = await anna.get(
    `${support}/messages?$filter=${encodeURIComponent(`internetMessageId eq '${messageId}'`)}`,
  );
  expect(found.body.value.map((mail: { subject: string }) => mail.subject)).toEqual(["found by its id"]);

  const tooMuch = await anna.get(`${support}/messages?$filter=isRead eq false&$orderby=receivedDateTime desc`);
  expect([tooMuch.status, tooMuch.body.error.code]).toEqual([400, "InefficientFilter"]);
  const fine = await anna.get(
    `${support}/messages?$filter=receivedDateTime ge 2020-01-01T00:00:00Z and isRead eq false&$orderby=receivedDateTime desc`,
  );
  expect(fine.status).toBe(200);
  expect((await anna.get(`${support}/messages?$select=colour`)).status).toBe(400);
  expect((await anna.get(`${support}/messages?$filter=subject similar 'x'`)).body.error.code).toBe(
    "ErrorInvalidUrlQueryFilter",
  );
});

test("a reply keeps the thread, carries our key and arrives at Alice with pass", async () => {
  const mail = await aMail("When will it run?", { cc: "bob@birkenfeld-werke.test" });
  const key = "String {00020329-0000-0000-C000-000000000046} Name DeskhatchKey";

  const draft = await anna.post(
    `${support}/messages/${mail.id}/createReply`,
    {
      message: {
        body: { contentType: "HTML", content: "<p>Tomorrow at <b>nine</b>.</p><img src='cid:plan'>" },
        internetMessageHeaders: [{ name: "X-Deskhatch-Thread", value: "t0ken" }],
        singleValueExtendedProperties: [{ id: key, value: "reply-1" }],
      },
    },
    immutable,
  );
  expect([draft.status, draft.body.subject, draft.body.isDraft]).toEqual([201, "RE: When will it run?", true]);
  const attached = await anna.post(`${support}/messages/${draft.body.id}/attachments`, {
    "@odata.type": "#microsoft.graph.fileAttachment",
    name: "plan.png",
    contentType: "image/png",
    contentBytes: Buffer.from("picture").toString("base64"),
    isInline: true,
    contentId: "plan",
  });
  expect(attached.status).toBe(201);
  const patched = await anna.patch(`${support}/messages/${draft.body.id}`, {
    categories: ["Deskhatch"],
    importance: "High",
  });
  expect(patched.body).toMatchObject({ categories: ["Deskhatch"], importance: "high" });
  expect((await anna.post(`${support}/messages/${draft.body.id}/send`)).status).toBe(202);

  const filter = encodeURIComponent(
    `singleValueExtendedProperties/Any(ep: ep/id eq '${key}' and ep/value eq 'reply-1')`,
  );
  const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${key}')`);
  const sent = await anna.get(
    `${support}/mailFolders/sentitems/messages?$filter=${filter}&$expand=${expand}`,
    immutable,
  );
  expect(sent.body.value).toHaveLength(1);
  expect(sent.body.value[0]).toMatchObject({
    id: draft.body.id,
    isDraft: false,
    internetMessageId: draft.body.internetMessageId,
  });
  expect(sent.body.value[0].singleValueExtendedProperties[0].value).toBe("reply-1");

  const inbox = await alice.get("/me/mailFolders/inbox/messages?$top=1&$expand=attachments");
  const arrived = inbox.body.value[0];
  expect(arrived).toMatchObject({ subject: "RE: When will it run?", internetMessageId: draft.body.internetMessageId });
  expect(arrived.toRecipients.map(addressOf)).toEqual(["alice@harbourlight.test"]);
  expect(arrived.attachments[0]).toMatchObject({ name: "plan.png", isInline: true, contentId: "plan" });
  const { text } = await alice.get(`/me/messages/${arrived.id}/$value`);
  expect(text).toContain(`In-Reply-To: ${mail.internetMessageId}`);
  expect(text).toContain("X-Deskhatch-Thread: t0ken");
  expect(text).toContain("dmarc=pass");
  // The same conversation goes on when she answers.
  const answer = await alice.post(`/me/messages/${arrived.id}/createReplyAll`, { comment: "Thank you" });
  await alice.post(`/me/messages/${answer.body.id}/send`);
  const back = (await anna.get(`${support}/mailFolders/inbox/messages?$top=1`)).body.value[0];
  expect(back.conversationId).toBe(mail.conversationId);
});

test("an answer to all leaves out the mailbox itself; a forward takes the files along", async () => {
  const mail = await aMail("For everybody", {
    cc: ["bob@birkenfeld-werke.test", "support@deskhatch.test"],
    attachments: [{ filename: "list.txt", content: "1" }],
  });
  const all = (await anna.post(`${support}/messages/${mail.id}/createReplyAll`)).body;
  expect(all.toRecipients.map(addressOf)).toEqual(["alice@harbourlight.test"]);
  expect(all.ccRecipients.map(addressOf)).toEqual(["bob@birkenfeld-werke.test"]);
  expect(all.body.content).toContain("About For everybody");
  const both = await anna.post(`${support}/messages/${mail.id}/createReply`, {
    comment: "x",
    message: { body: { content: "y" } },
  });
  expect(both.status).toBe(400);

  const forward = (
    await anna.post(`${support}/messages/${mail.id}/createForward`, { toRecipients: [to("bob@birkenfeld-werke.test")] })
  ).body;
  expect([forward.subject, forward.hasAttachments]).toEqual(["FW: For everybody", true]);
  expect(
    (
      await anna.post(`${support}/messages/${mail.id}/forward`, {
        comment: "Look",
        toRecipients: [to("adam@harbourlight.test")],
      })
    ).status,
  ).toBe(202);
  expect((await anna.post(`${support}/messages/${mail.id}/reply`, { comment: "Yes" })).status).toBe(202);
  expect((await anna.post(`${support}/messages/${mail.id}/replyAll`, { Comment: "Yes, all" })).status).toBe(202);
  const adam = await world.as("adam@harbourlight.test");
  expect((await adam.get("/me/messages?$top=1&$expand=attachments")).body.value[0].attachments[0].name).toBe(
    "list.txt",
  );
});

test("sendMail takes JSON and whole mails, and keeps no copy when told so", async () => {
  const message = {
    subject: "Written at once",
    body: { contentType: "Text", content: "Hello" },
    toRecipients: [to("alice@harbourlight.test")],
    bccRecipients: [to("adam@harbourlight.test")],
  };
  expect((await anna.post("/me/sendMail", { message, saveToSentItems: "false" })).status).toBe(202);
  expect((await anna.get("/me/mailFolders/sentitems/messages")).body.value).toEqual([]);
  const { text } = await alice.get(`/me/messages/${(await alice.get("/me/messages?$top=1")).body.value[0].id}/$value`);
  expect(text).not.toMatch(/adam/i);
  const adam = await world.as("adam@harbourlight.test");
  expect((await adam.get("/me/messages?$top=1")).body.value[0].subject).toBe("Written at once");

  const mime = "To: alice@harbourlight.test\r\nBcc: bob@birkenfeld-werke.test\r\nSubject: As MIME\r\n\r\nWhole\r\n";
  expect((await anna.ask("POST", "/me/sendMail", Buffer.from(mime).toString("base64"))).status).toBe(202);
  const sent = (await anna.get("/me/mailFolders/sentitems/messages?$top=1")).body.value[0];
  expect(sent.subject).toBe("As MIME");
  const bob = await world.as("bob@birkenfeld-werke.test");
  const hidden = (await bob.get("/me/messages?$top=1")).body.value[0];
  expect((await bob.get(`/me/messages/${hidden.id}/$value`)).text).not.toMatch(/bob@/i);
  expect((await anna.ask("POST", "/me/sendMail", "not base64!")).body.error.message).toBe(
    "Invalid base64 string for MIME content.",
  );
});

test("a whole mail that is sent shows its files in Sent Items", async () => {
  const mime =
    "To: alice@harbourlight.test\r\nSubject: With a file\r\nContent-Type: text/csv; name=a.csv\r\n" +
    "Content-Disposition: attachment; filename=a.csv\r\n\r\n1;2\r\n";
  await anna.ask("POST", "/me/sendMail", Buffer.from(mime).toString("base64"));
  const [sent] = (await anna.get("/me/mailFolders/sentitems/messages?$top=1&$expand=attachments")).body.value;
  expect(sent.attachments).toMatchObject([{ name: "a.csv", contentBytes: expect.stringMatching(/^MTsy/) }]);
});

test("a request that is too large or unreadable is refused in Graph's words", async () => {
  const large = { "@odata.type": "#microsoft.graph.fileAttachment", name: "x", contentBytes: "A".repeat(5_000_000) };
  const { id } = (await anna.post("/me/messages", { subject: "x" })).body;
  const headers = { authorization: `Bearer ${(await world.sandbox.graphToken("anna@deskhatch.test")).token}` };
  const refused = await fetch(`${world.sandbox.url}/v1.0/me/messages/${id}/attachments`, {
    method: "POST",
    headers,
    body: JSON.stringify(large),
  });
  expect([refused.status, (await refused.json()).error.code]).toEqual([413, "ErrorRequestEntityTooLarge"]);
  expect((await fetch(`${world.sandbox.url}/v1.0/me/messages/%E0%A4%A`, { headers })).status).toBe(400);
  const session = { attachmentItem: { attachmentType: "file", name: "x", size: "many" } };
  expect((await anna.post(`/me/messages/${id}/attachments/createUploadSession`, session)).body.error.code).toBe(
    "RequestBodyRead",
  );
});

test("what is not a draft keeps its words, and headers of one's own begin with x-", async () => {
  const { id } = await aMail("Unchangeable");
  expect((await anna.patch(`${support}/messages/${id}`, { subject: "Changed" })).status).toBe(400);
  expect((await anna.patch(`${support}/messages/${id}`, { isRead: true })).body.isRead).toBe(true);
  const stale = await anna.patch(`${support}/messages/${id}`, { isRead: false }, { "if-match": 'W/"old"' });
  expect(stale.status).toBe(412);
  const header = (name: string) =>
    anna.post("/me/messages", { subject: "x", internetMessageHeaders: [{ name, value: "1" }] });
  expect((await header("References")).body.error.code).toBe("InvalidInternetMessageHeader");
  expect((await header("X-Fine")).status).toBe(201);
  const six = Array.from({ length: 6 }, (_, at) => ({ name: `x-${at}`, value: "1" }));
  expect((await anna.post("/me/messages", { internetMessageHeaders: six })).body.error.code).toBe(
    "InvalidInternetMessageHeaderCollection",
  );
  expect((await anna.post("/me/messages", { subjct: "typo" })).body.error.code).toBe("RequestBodyRead");
});

test("a large attachment goes up in pieces and comes down whole", async () => {
  const draft = (await anna.post("/me/messages", { subject: "Big", toRecipients: [to("alice@harbourlight.test")] }))
    .body;
  const bytes = Buffer.alloc(5 * 1024 * 1024, "0123456789abcdef");
  const small = await anna.post(`/me/messages/${draft.id}/attachments/createUploadSession`, {
    attachmentItem: { attachmentType: "file", name: "s", size: 1000 },
  });
  expect(small.body.error.code).toBe("ErrorAttachmentSizeShouldNotBeLessThanMinimumSize");
  const session = await anna.post(`/me/messages/${draft.id}/attachments/createUploadSession`, {
    AttachmentItem: { attachmentType: "file", name: "big.bin", size: bytes.length },
  });
  expect(session.status).toBe(201);

  const put = (from: number, until: number) =>
    fetch(session.body.uploadUrl, {
      method: "PUT",
      headers: { "content-range": `bytes ${from}-${until - 1}/${bytes.length}` },
      body: bytes.subarray(from, until),
    });
  const half = await put(0, 3_000_000);
  expect(half.status).toBe(200);
  expect(await half.json()).toMatchObject({ ExpirationDateTime: expect.any(String), nextExpectedRanges: ["3000000"] });
  expect((await put(0, 3_000_000)).status).toBe(416);
  const last = await put(3_000_000, bytes.length);
  expect([last.status, await last.text()]).toEqual([201, ""]);
  const attachmentId = /Attachments\('(.+)'\)$/.exec(last.headers.get("location") ?? "")?.[1];

  await anna.post(`/me/messages/${draft.id}/send`);
  const arrived = (await alice.get("/me/messages?$top=1&$expand=attachments($select=id,name,size)")).body.value[0];
  expect(arrived.attachments).toEqual([expect.objectContaining({ name: "big.bin", size: bytes.length })]);
  const down = await alice.get(`/me/messages/${arrived.id}/attachments/${arrived.attachments[0].id}/$value`);
  expect(down.text === bytes.toString()).toBe(true);
  expect(attachmentId).toBeTruthy();
});

test("a mail inside a mail is an item, and can be looked into", async () => {
  const inner = "From: Old Friend <friend@elsewhere.test>\r\nSubject: Inner words\r\n\r\nHello from inside\r\n";
  const { id } = await aMail("With a mail in it", {
    attachments: [{ filename: "inner.eml", contentType: "message/rfc822", content: inner }],
  });
  const { body } = await anna.get(`${support}/messages/${id}/attachments`);
  expect(body.value[0]["@odata.type"]).toBe("#microsoft.graph.itemAttachment");
  const path = `${support}/messages/${id}/attachments/${body.value[0].id}`;
  const item = await anna.get(`${path}?$expand=microsoft.graph.itemattachment/item`);
  expect(item.body.item.subject).toBe("Inner words");
  expect((await anna.get(`${path}/$value`)).text).toContain("Hello from inside");
});

test("folders count what they hold; deleting goes to Deleted Items, deleting for ever goes nowhere", async () => {
  const count = async (folder: string) => (await anna.get(`${support}/mailFolders/${folder}`)).body.totalItemCount;
  const { id } = await aMail("To be deleted");
  const before = await count("deleteditems");
  expect((await anna.delete(`${support}/messages/${id}`)).status).toBe(204);
  expect(await count("deleteditems")).toBe(before + 1);

  const copied = await anna.post(`${support}/messages/${(await aMail("To be copied")).id}/copy`, {
    destinationId: "archive",
  });
  expect(copied.status).toBe(201);
  expect((await anna.post(`${support}/messages/${copied.body.id}/permanentDelete`)).status).toBe(204);
  expect((await anna.get(`${support}/messages/${copied.body.id}`)).status).toBe(404);
  const made = await anna.post(`${support}/mailFolders`, { displayName: "Suppliers" });
  expect(made.status).toBe(201);
  const { body } = await anna.get(`${support}/mailFolders?$top=50`);
  expect(body.value.map((folder: { displayName: string }) => folder.displayName)).toEqual(
    expect.arrayContaining(["Inbox", "Suppliers"]),
  );
  expect((await anna.get(`${support}/mailFolders/${made.body.id}/childFolders`)).body.value).toEqual([]);
  expect((await anna.get(`${support}/mailFolders/delta`)).body.value.length).toBeGreaterThan(5);
});

test("categories of the mailbox are kept", async () => {
  expect((await anna.post("/me/outlook/masterCategories", { displayName: "Deskhatch", color: "preset7" })).status).toBe(
    201,
  );
  expect((await anna.get("/me/outlook/masterCategories")).body.value).toMatchObject([
    { displayName: "Deskhatch", color: "preset7" },
  ]);
});

test("a batch answers each request for itself, and what depends on a failure fails", async () => {
  const { body } = await anna.post("/$batch", {
    requests: [
      { id: "1", method: "GET", url: "/me/mailFolders/inbox" },
      { id: "2", method: "GET", url: "/me/messages/nonsense" },
      { id: "3", method: "GET", url: "/me", dependsOn: ["2"] },
      {
        id: "4",
        method: "POST",
        url: "/me/messages",
        headers: { "Content-Type": "application/json" },
        body: { subject: "In a batch" },
      },
    ],
  });
  const status = Object.fromEntries(body.responses.map((one: { id: string; status: number }) => [one.id, one.status]));
  expect(status).toEqual({ 1: 200, 2: 400, 3: 424, 4: 201 });
  const twice = await anna.post("/$batch", { requests: ["a", "A"].map((id) => ({ id, method: "GET", url: "/me" })) });
  expect(twice.status).toBe(400);
});

test("nobody reads a mailbox that is not hers", async () => {
  const mallory = await world.as("mallory@outsider.test");
  for (const path of [
    `${support}/messages`,
    "/users/anna@deskhatch.test/messages",
    `${support}/mailFolders/inbox/messages/delta`,
  ]) {
    expect((await mallory.get(path)).status).toBe(403);
  }
  expect(
    (
      await mallory.post(`${support}/sendMail`, {
        message: { subject: "x", toRecipients: [to("alice@harbourlight.test")] },
      })
    ).status,
  ).toBe(403);
  const asAnna = {
    message: { subject: "x", from: to("anna@deskhatch.test"), toRecipients: [to("alice@harbourlight.test")] },
  };
  expect((await mallory.post("/me/sendMail", asAnna)).body.error.code).toBe("ErrorSendAsDenied");
  const unsigned = await fetch(`${world.sandbox.url}/v1.0/me/messages`);
  expect(unsigned.status).toBe(401);
});

test("what is sent to nobody comes back, and what is sent outside stays on this machine", async () => {
  const message = (address: string) => ({
    message: { subject: "Hello?", body: { content: "?" }, toRecipients: [to(address)] },
  });
  await anna.post("/me/sendMail", message("nobody@deskhatch.test"));
  const report = (await anna.get("/me/mailFolders/inbox/messages?$top=1")).body.value[0];
  expect(report.subject).toBe("Undeliverable: Hello?");
  expect((await anna.get(`/me/messages/${report.id}/$value`)).text).toContain(
    "Final-Recipient: rfc822; nobody@deskhatch.test",
  );

  await anna.post("/me/sendMail", message("someone@example.com"));
  const outside = await (await fetch(`${world.sandbox.url}/sandbox/outside`)).json();
  expect(outside.value.at(-1)).toMatchObject({ sender: "anna@deskhatch.test", recipients: ["someone@example.com"] });
});

test("every delta page is one that Graph could give", async () => {
  await aMail("Seen by delta");
  let page = (
    await anna.get(`${support}/mailFolders/inbox/messages/delta?$orderby=receivedDateTime desc`, {
      prefer: "odata.maxpagesize=3",
    })
  ).body;
  expect(page.value[0].subject).toBe("Seen by delta");
  while (page["@odata.nextLink"]) page = (await anna.get(page["@odata.nextLink"])).body;
  const { id } = await aMail("After the first round");
  page = (await anna.get(page["@odata.deltaLink"])).body;
  expect(page.value.map((mail: { subject: string }) => mail.subject)).toEqual(["After the first round"]);
  await anna.delete(`${support}/messages/${id}`);
  page = (await anna.get(page["@odata.deltaLink"])).body;
  expect(page.value).toEqual([{ "@odata.type": "#microsoft.graph.message", id, "@removed": { reason: "deleted" } }]);

  world.sandbox.resetDelta("support@deskhatch.test", "inbox");
  const reset = await anna.get(page["@odata.deltaLink"]);
  expect([reset.status, reset.body.error.code]).toEqual([410, "SyncStateNotFound"]);
  expect((await anna.get(reset.headers.get("location") ?? "")).status).toBe(200);
});

test("every route of Graph was asked above and answered as Microsoft's contract says", async () => {
  await anna.get("/me");
  const draft = (await anna.post("/me/messages", { subject: "Short-lived" })).body;
  const added = await anna.post(`/me/messages/${draft.id}/attachments`, {
    "@odata.type": "microsoft.graph.fileAttachment",
    name: "a",
    contentBytes: "QQ==",
  });
  expect((await anna.delete(`/me/messages/${draft.id}/attachments/${added.body.id}`)).status).toBe(204);

  const all = mailboxRoutes.filter(({ path }) => !path.startsWith("mailFolders/:folder/messages/:message"));
  const missing = all.map(({ method, path }) => `${method} ${path}`).filter((route) => !exercised.has(route));
  expect(missing).toEqual(["POST mailFolders/:folder/messages"]);
  const inFolder = await anna.post("/me/mailFolders/archive/messages", { subject: "Filed at once" });
  expect(inFolder.status).toBe(201);
});

const to = (address: string) => ({ emailAddress: { address } });
const addressOf = (one: { emailAddress: { address: string } }) => one.emailAddress.address;
