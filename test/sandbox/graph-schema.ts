import { z } from "zod";
import type { GraphAnswer } from "./world.ts";

/**
 * The essentials of Graph's answers, written by hand from the documentation:
 * what every machine checks, also where Microsoft's whole contract is absent.
 */
const Time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const Person = z.strictObject({ emailAddress: z.strictObject({ name: z.string(), address: z.string() }) });
const Body = z.strictObject({ contentType: z.enum(["text", "html"]), content: z.string() });

const Attachment = z
  .looseObject({
    "@odata.type": z.enum(["#microsoft.graph.fileAttachment", "#microsoft.graph.itemAttachment"]),
    id: z.string(),
    name: z.string(),
    size: z.int(),
    isInline: z.boolean(),
    contentBytes: z.base64().optional(),
  })
  .partial({ name: true, size: true, isInline: true });

export const GraphMessage = z
  .strictObject({
    "@odata.context": z.url(),
    "@odata.type": z.literal("#microsoft.graph.message"),
    "@odata.etag": z.string().regex(/^W\/"/),
    createdDateTime: Time,
    lastModifiedDateTime: Time,
    receivedDateTime: Time,
    sentDateTime: Time,
    changeKey: z.string(),
    categories: z.array(z.string()),
    hasAttachments: z.boolean(),
    internetMessageId: z.string(),
    subject: z.string(),
    bodyPreview: z.string().max(255),
    importance: z.enum(["low", "normal", "high"]),
    parentFolderId: z.string(),
    conversationId: z.string(),
    conversationIndex: z.base64(),
    isDeliveryReceiptRequested: z.boolean().nullable(),
    isReadReceiptRequested: z.boolean(),
    isRead: z.boolean(),
    isDraft: z.boolean(),
    webLink: z.url(),
    inferenceClassification: z.enum(["focused", "other"]),
    body: Body,
    uniqueBody: Body,
    sender: Person.nullable(),
    from: Person.nullable(),
    toRecipients: z.array(Person),
    ccRecipients: z.array(Person),
    bccRecipients: z.array(Person),
    replyTo: z.array(Person),
    flag: z.looseObject({ flagStatus: z.enum(["notFlagged", "complete", "flagged"]) }),
    internetMessageHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    attachments: z.array(Attachment),
    singleValueExtendedProperties: z.array(z.strictObject({ id: z.string(), value: z.string() })),
  })
  .partial()
  .extend({ id: z.string() });

const Removed = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.message"),
  id: z.string(),
  "@removed": z.strictObject({ reason: z.enum(["deleted", "changed"]) }),
});

const Page = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    "@odata.context": z.url(),
    "@odata.count": z.int().optional(),
    "@odata.nextLink": z.url().optional(),
    value: z.array(item),
  });

/** A page has one of the two links, never both. */
const DeltaPage = z
  .strictObject({
    "@odata.context": z.url(),
    "@odata.nextLink": z.url().optional(),
    "@odata.deltaLink": z.url().optional(),
    value: z.array(z.union([Removed, GraphMessage])),
  })
  .refine((page) => Boolean(page["@odata.nextLink"]) !== Boolean(page["@odata.deltaLink"]));

const Refusal = z.strictObject({
  error: z.strictObject({
    code: z.string().min(1),
    message: z.string().min(1),
    innerError: z.strictObject({ date: z.string(), "request-id": z.string(), "client-request-id": z.string() }),
  }),
});

/** Throws when the answer is not of the shape that Graph documents for this request. */
export function essentialsFor(method: string, segments: string[], { status, body, headers }: GraphAnswer) {
  if (status >= 400) {
    Refusal.parse(body);
    if (status === 429) z.coerce.number().positive().parse(headers.get("retry-after"));
    return;
  }
  if (!headers.get("request-id")) throw new Error("Every answer of Graph has a request-id.");
  if (body === null) return;
  schemaOf(method, segments)?.parse(body);
}

function schemaOf(method: string, segments: string[]): z.ZodType | null {
  const last = segments.at(-1)?.toLowerCase();
  const before = segments.at(-2)?.toLowerCase();
  if (last === "delta" && before === "messages") return DeltaPage;
  if (last === "messages") return method === "GET" ? Page(GraphMessage) : GraphMessage;
  if (before === "messages" || /^(move|copy|create(reply|replyall|forward))$/.test(last ?? "")) return GraphMessage;
  if (last === "attachments") return method === "GET" ? Page(Attachment) : Attachment;
  return before === "attachments" && last !== "createuploadsession" ? Attachment : null;
}
