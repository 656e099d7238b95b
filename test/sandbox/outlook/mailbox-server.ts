import { randomUUID } from "node:crypto";
import express, { type Express } from "express";

/** As much of Graph as Outlook's page calls, with mails that a test puts in. What Graph really does is tested with the sandbox's own. */
export type TestMail = {
  id: string;
  folder: string;
  subject: string;
  from: { name: string; address: string };
  to: { name: string; address: string }[];
  cc: { name: string; address: string }[];
  body: { contentType: "html" | "text"; content: string };
  receivedDateTime: string;
  isRead: boolean;
  isDraft: boolean;
  categories: string[];
  attachments: {
    id: string;
    name: string;
    contentType: string;
    isInline: boolean;
    contentId?: string;
    bytes: Buffer;
  }[];
  changedAt: number;
};

const folders = ["Inbox", "Drafts", "Sent Items", "Deleted Items", "Junk Email", "Archive"];
const folderId = (name: string) => name.toLowerCase().replaceAll(" ", "");
const wrap = (each: { name: string; address: string }) => ({ emailAddress: each });

export function mailboxServer(app: Express) {
  const mails = new Map<string, TestMail>();
  let clock = 0;
  let down = false;

  const add = (given: Partial<TestMail>): TestMail => {
    const id = given.id ?? `m-${randomUUID()}`;
    const mail: TestMail = {
      folder: "inbox",
      subject: "The pump stopped",
      from: { name: "Alice Moreau", address: "alice@harbourlight.test" },
      to: [{ name: "Deskhatch Support", address: "support@deskhatch.test" }],
      cc: [],
      body: { contentType: "html", content: "<p>Since this morning the pump in hall 2 stands still.</p>" },
      receivedDateTime: new Date(Date.UTC(2026, 10, 20, 9) + clock * 60_000).toISOString(),
      isRead: false,
      isDraft: false,
      categories: [],
      attachments: [],
      ...given,
      id,
      changedAt: ++clock,
    };
    mails.set(id, mail);
    return mail;
  };

  const whole = (mail: TestMail) => ({
    id: mail.id,
    subject: mail.subject,
    from: wrap(mail.from),
    sender: wrap(mail.from),
    replyTo: [],
    toRecipients: mail.to.map(wrap),
    ccRecipients: mail.cc.map(wrap),
    bccRecipients: [],
    body: mail.body,
    bodyPreview: mail.body.content
      .replace(/<[^>]+>/g, " ")
      .trim()
      .slice(0, 255),
    receivedDateTime: mail.receivedDateTime,
    sentDateTime: mail.receivedDateTime,
    createdDateTime: mail.receivedDateTime,
    lastModifiedDateTime: mail.receivedDateTime,
    isRead: mail.isRead,
    isDraft: mail.isDraft,
    hasAttachments: mail.attachments.some(({ isInline }) => !isInline),
    categories: mail.categories,
    conversationId: `c-${mail.id}`,
    internetMessageId: `<${mail.id}@example.test>`,
    internetMessageHeaders: [{ name: "Subject", value: mail.subject }],
  });

  const user = express.Router({ mergeParams: true });
  user.use(express.json({ limit: "20mb" }));
  user.use((request, response, next) => {
    if (down)
      return void response
        .status(503)
        .json({ error: { code: "ServiceUnavailable", message: "The mailbox is closed for a moment." } });
    if (!request.get("authorization")?.startsWith("Bearer "))
      return void response.status(401).json({ error: { code: "InvalidAuthenticationToken", message: "No token." } });
    next();
  });
  const find = (id: string | undefined) => {
    const mail = mails.get(id ?? "");
    if (!mail) throw new Error(`No mail ${id}`);
    return mail;
  };
  const touch = (mail: TestMail, change: Partial<TestMail>) => Object.assign(mail, change, { changedAt: ++clock });

  user.get("/mailFolders", (_request, response) => {
    response.json({
      value: folders.map((displayName) => {
        const inside = [...mails.values()].filter(({ folder }) => folder === folderId(displayName));
        return {
          id: folderId(displayName),
          displayName,
          totalItemCount: inside.length,
          unreadItemCount: inside.filter(({ isRead }) => !isRead).length,
        };
      }),
    });
  });
  user.get("/mailFolders/:folder/messages/delta", (request, response) => {
    const since = Number(request.query.$deltatoken ?? request.query.$skiptoken ?? 0);
    const changed = [...mails.values()].filter((mail) => mail.changedAt > since);
    const here = changed
      .filter(({ folder }) => folder === request.params.folder)
      .sort((a, b) => (a.receivedDateTime < b.receivedDateTime ? 1 : -1));
    const gone = since > 0 ? changed.filter(({ folder }) => folder !== request.params.folder) : [];
    response.json({
      value: [
        ...here.map((mail) => ({ ...whole(mail), body: undefined })),
        ...gone.map(({ id }) => ({ id, "@removed": { reason: "deleted" } })),
      ],
      "@odata.deltaLink": `https://graph.microsoft.com${request.baseUrl}/mailFolders/${request.params.folder}/messages/delta?$deltatoken=${clock}`,
    });
  });
  user.get("/messages/:id", (request, response) => void response.json(whole(find(request.params.id))));
  user.patch("/messages/:id", (request, response) => {
    const { toRecipients, ccRecipients, ...change } = request.body;
    const mail = touch(find(request.params.id), change);
    if (toRecipients) mail.to = toRecipients.map((each: { emailAddress: TestMail["from"] }) => each.emailAddress);
    if (ccRecipients) mail.cc = ccRecipients.map((each: { emailAddress: TestMail["from"] }) => each.emailAddress);
    response.json(whole(mail));
  });
  user.delete("/messages/:id", (request, response) => {
    mails.delete(request.params.id);
    response.status(204).end();
  });
  user.post(
    "/messages/:id/move",
    (request, response) =>
      void response.status(201).json(whole(touch(find(request.params.id), { folder: request.body.destinationId }))),
  );
  user.post("/messages", (request, response) => {
    const { subject, body, toRecipients = [], ccRecipients = [] } = request.body;
    const inner = (each: { emailAddress: TestMail["from"] }) => each.emailAddress;
    response.status(201).json(
      whole(
        add({
          subject,
          body,
          to: toRecipients.map(inner),
          cc: ccRecipients.map(inner),
          folder: "drafts",
          isDraft: true,
          isRead: true,
        }),
      ),
    );
  });
  for (const all of [false, true]) {
    user.post(`/messages/:id/createReply${all ? "All" : ""}`, (request, response) => {
      const mail = find(request.params.id);
      const body = {
        contentType: "html" as const,
        content: `<html><body><hr><b>From:</b> ${mail.from.name}<br>${mail.body.content}</body></html>`,
      };
      response.status(201).json(
        whole(
          add({
            subject: `RE: ${mail.subject}`,
            to: [mail.from],
            cc: all ? mail.cc : [],
            body,
            folder: "drafts",
            isDraft: true,
            isRead: true,
          }),
        ),
      );
    });
  }
  user.post("/messages/:id/send", (request, response) => {
    touch(find(request.params.id), { folder: "sentitems", isDraft: false });
    response.status(202).end();
  });
  user.get("/messages/:id/attachments", (request, response) => {
    response.json({
      value: find(request.params.id).attachments.map(({ bytes, contentId, ...rest }) => ({
        ...rest,
        size: bytes.length,
      })),
    });
  });
  user.post("/messages/:id/attachments", (request, response) => {
    const { name, contentType, isInline, contentBytes } = request.body;
    const attachment = {
      id: `a-${randomUUID()}`,
      name,
      contentType,
      isInline,
      bytes: Buffer.from(contentBytes, "base64"),
    };
    find(request.params.id).attachments.push(attachment);
    response.status(201).json({ id: attachment.id, name, contentType, isInline, size: attachment.bytes.length });
  });
  user.get("/messages/:id/attachments/:attachment", (request, response) => {
    const { bytes, ...rest } = find(request.params.id).attachments.find(
      ({ id }) => id === request.params.attachment,
    ) ?? { bytes: Buffer.of() };
    response.json({ ...rest, size: bytes.length });
  });
  user.get("/messages/:id/attachments/:attachment/$value", (request, response) => {
    response.send(find(request.params.id).attachments.find(({ id }) => id === request.params.attachment)?.bytes);
  });
  app.use("/v1.0/users/:address", user);

  return {
    add,
    mails,
    goDown: () => (down = true),
    comeUp: () => (down = false),
    change: (id: string, change: Partial<TestMail>) => touch(find(id), change),
  };
}
