import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { manifestFor } from "../../../addin/manifest/manifest.ts";
import { graphMailbox } from "../../../sandbox/outlook/graph/client.ts";
import { composeItem, type Draft, draftEvents } from "../../../sandbox/outlook/host/compose-item.ts";
import type { ItemModel } from "../../../sandbox/outlook/host/item.ts";
import { readManifest } from "../../../sandbox/outlook/host/manifest.ts";
import { permissionLevel } from "../../../sandbox/outlook/host/permission.ts";

const addIn = readManifest(await manifestFor("https://localhost:5444"));
const alice = { name: "Alice Moreau", address: "alice@harbourlight.test" };
const adam = { name: "Adam Lindqvist", address: "adam@harbourlight.test" };

let draft: Draft;
let item: ItemModel;

beforeEach(() => {
  draft = {
    id: null,
    composeType: "reply",
    conversationId: "c1",
    from: { name: "Deskhatch Support", address: "support@deskhatch.test" },
    recipients: [[alice], [], []],
    subject: "RE: The pump stopped",
    html: "<p>Tomorrow.</p>",
    attachments: [],
    headers: {},
  };
  item = composeItem(
    {
      read: () => draft,
      change: (part) => {
        draft = { ...draft, ...part };
      },
      save: async () => {
        draft = { ...draft, id: "saved-1" };
        return "saved-1";
      },
    },
    {
      addIn,
      person: { name: "Anna Albrecht", address: "anna@deskhatch.test" },
      shared: true,
      mailbox: graphMailbox("support@deskhatch.test", async () => "token"),
      owaView: "ThreeColumns",
      keep: { read: () => ({}), write: () => undefined },
      open: () => undefined,
    },
    () => undefined,
  );
});

/** The numbers are Office.js's own; the names beside them are what an add-in writes. */
const ask = (dispatchId: number, params?: unknown) => item.execute(dispatchId, params);

describe("a mail that is written, as an add-in sees it", () => {
  test("has a subject, recipients and words that can be read and changed", async () => {
    expect(await ask(18)).toEqual({ error: false, data: "RE: The pump stopped" });
    await ask(17, { subject: "RE: The pump runs again" });
    await ask(22, { recipientField: 1, recipientArray: [adam] });
    await ask(38, { data: "Today & tomorrow", coercionType: 0 });

    expect(draft).toMatchObject({
      subject: "RE: The pump runs again",
      recipients: [[alice], [adam], []],
      html: "Today &amp; tomorrow",
    });
    expect(await ask(15, { recipientField: 1 })).toEqual({ error: false, data: [{ ...adam, recipientType: 3 }] });
    expect(await ask(21, { recipientField: 0, recipientArray: [] })).toEqual({ error: false });
    expect(draft.recipients[0]).toEqual([]);
    expect(await ask(107)).toMatchObject({ data: { address: "support@deskhatch.test" } });
    expect(await ask(174)).toMatchObject({ data: { composeType: "reply" } });
  });

  test("has no id before it is saved, and then one", async () => {
    expect(await ask(164)).toEqual({ error: true, errorCode: 9046 });
    expect(await ask(32)).toEqual({ error: false, data: "saved-1" });
    expect(await ask(164)).toEqual({ error: false, data: "saved-1" });
  });

  test("takes files, headers and what pages of one mail keep for each other", async () => {
    const added = await ask(148, { base64String: "aGVsbG8=", name: "a.txt", isInline: false });
    expect(await ask(149)).toMatchObject({ data: [{ id: added.data, name: "a.txt" }] });
    expect(await ask(20, { attachmentIndex: "no such" })).toEqual({ error: true, errorCode: 9008 });
    await ask(20, { attachmentIndex: added.data });
    expect(draft.attachments).toEqual([]);

    await ask(152, { internetHeaderNameValuePairs: { "x-ticket": "1042" } });
    expect(await ask(151, { internetHeaderKeys: ["x-ticket", "x-other"] })).toEqual({
      error: false,
      data: { "x-ticket": "1042" },
    });

    await ask(185, { name: "seen", value: "yes" });
    expect(await ask(186, { name: "seen" })).toEqual({ error: false, data: "yes" });
    expect(await ask(186, { name: "unseen" })).toEqual({ error: true, errorCode: 9050 });
    expect(await ask(187)).toEqual({ error: false, data: { seen: "yes" } });
  });

  test("answers 9002 to what it does not know, and says so on the console", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(await ask(24)).toEqual({ error: true, errorCode: 9002 });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("does not know the call 24"));
    warn.mockRestore();
  });

  test("tells which recipients and which files changed, and nothing when none did", () => {
    const file = {
      id: "f",
      name: "a.txt",
      contentType: "text/plain",
      size: 5,
      attachmentType: 0 as const,
      isInline: false,
    };
    const after: Draft = { ...draft, recipients: [[alice], [adam], []], attachments: [file] };
    expect(draftEvents(draft, { ...draft, subject: "Other" })).toEqual([]);
    expect(draftEvents(draft, after)).toEqual([
      { event: "olkRecipientsChanged", data: ['{"to":false,"cc":true,"bcc":false}'] },
      {
        event: "olkAttachmentsChanged",
        data: [JSON.stringify({ attachmentStatus: "added", attachmentDetails: file })],
      },
    ]);
    expect(draftEvents(after, draft).at(-1)?.data[0]).toContain('"attachmentStatus":"removed"');
  });
});

test("the two highest permissions are numbered the other way round on the wire", () => {
  expect(permissionLevel).toEqual({ Restricted: 0, ReadItem: 1, ReadWriteMailbox: 2, ReadWriteItem: 3 });
});
