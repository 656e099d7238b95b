import { z } from "zod";

/** What a program may send to Graph. Enums come in any casing: the documentation itself writes "Low" and "HTML". */
const lowered = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z
    .string()
    .transform((text) => text.charAt(0).toLowerCase() + text.slice(1))
    .pipe(z.enum(values));

const odata = { "@odata.type": z.string().optional() };

const RecipientInput = z
  .looseObject({ emailAddress: z.looseObject({ name: z.string().nullish(), address: z.string() }) })
  .transform(({ emailAddress: { name, address } }) => ({ emailAddress: { name: name ?? address, address } }));

const BodyInput = z.looseObject({
  contentType: z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(["text", "html"]))
    .default("text"),
  content: z.string().nullish(),
});

const PropertyInput = z.looseObject({ id: z.string(), value: z.string() });

const HeaderInput = z.looseObject({ name: z.string(), value: z.string() });

export const AttachmentInput = z.looseObject({
  "@odata.type": z.string().transform((type) => type.replace(/^#?microsoft\.graph\./i, "").toLowerCase()),
  name: z.string(),
  contentType: z.string().nullish(),
  contentBytes: z.string().nullish(),
  isInline: z.boolean().nullish(),
  contentId: z.string().nullish(),
  item: z.looseObject({ subject: z.string().nullish(), body: BodyInput.nullish() }).nullish(),
});
export type AttachmentInput = z.infer<typeof AttachmentInput>;

export const MessageInput = z.strictObject({
  ...odata,
  subject: z.string().nullish(),
  body: BodyInput.nullish(),
  from: RecipientInput.nullish(),
  sender: RecipientInput.nullish(),
  toRecipients: z.array(RecipientInput).nullish(),
  ccRecipients: z.array(RecipientInput).nullish(),
  bccRecipients: z.array(RecipientInput).nullish(),
  replyTo: z.array(RecipientInput).nullish(),
  importance: lowered("low", "normal", "high").nullish(),
  inferenceClassification: lowered("focused", "other").nullish(),
  categories: z.array(z.string()).nullish(),
  flag: z.looseObject({ flagStatus: lowered("notFlagged", "complete", "flagged") }).nullish(),
  isRead: z.boolean().nullish(),
  isReadReceiptRequested: z.boolean().nullish(),
  isDeliveryReceiptRequested: z.boolean().nullish(),
  internetMessageId: z.string().nullish(),
  internetMessageHeaders: z.array(HeaderInput).nullish(),
  singleValueExtendedProperties: z.array(PropertyInput).nullish(),
  attachments: z.array(AttachmentInput).nullish(),
});
export type MessageInput = z.infer<typeof MessageInput>;

/** reply, createReply and their kin. */
export const AnswerInput = z.strictObject({
  ...odata,
  comment: z.string().nullish(),
  message: MessageInput.nullish(),
  toRecipients: z.array(RecipientInput).nullish(),
});

/** The documentation sends saveToSentItems as the string "false". */
const truth = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

export const SendMailInput = z.strictObject({ ...odata, message: MessageInput, saveToSentItems: truth.nullish() });

export const UploadInput = z.object({
  attachmentItem: z.looseObject({
    attachmentType: z.string(),
    name: z.string(),
    size: z.number().int().positive(),
    contentType: z.string().nullish(),
    isInline: z.boolean().nullish(),
    contentId: z.string().nullish(),
  }),
});
