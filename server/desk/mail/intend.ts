/** The wish to send a mail, written down in the transaction that has it; the job that follows carries it out. */
import { z } from "zod";
import { canonicalAddress } from "../../platform/mail-address.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";

/** A name, a subject or a file's name is one line, whatever somebody put into it. */
export const oneLine = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();

/** One address that all programs read alike: nothing in it can add another recipient or a header. */
const Named = z.object({
  name: z.string().transform(oneLine),
  address: z.string().refine((address) => canonicalAddress(address) !== null, "is no address that mail can be sent to"),
});

export const OutgoingMail = z.object({
  to: z.array(Named).min(1),
  cc: z.array(Named),
  subject: z.string().transform(oneLine),
  html: z.string(),
  /** The desk's message that it answers, in whose thread it goes out. */
  answersMessageId: z.string().nullable(),
  attachments: z.array(
    z.object({
      name: z.string().transform(oneLine),
      type: z.string(),
      sha256: z.string(),
      store: z.enum(["desk", "portal"]),
    }),
  ),
  /** Names begin with x-. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Nobody wrote it by hand: it says so, is budgeted, and never answers another machine. */
  automatic: z.boolean(),
});
export type OutgoingMail = z.infer<typeof OutgoingMail>;

/** The kind of mail that carries a code for which a browser asked. Nobody's mail causes one, so none is part of a loop. */
export const signInCode = "sign_in_code";

export type SendWish = {
  /** "reply", "sign_in_code", "invitation" … */
  kind: string;
  /** Names the effect: the same wish twice is one mail. */
  key: string;
  mailboxId: string;
  ticketId?: string;
  entryId?: string;
  releaseId?: string;
  /** Until then it can be taken back. */
  sendAfter?: Date;
  mail: OutgoingMail;
};

export async function intendMail(
  tx: DeskTransaction,
  queue: DeskQueue,
  wish: SendWish,
): Promise<{ sendingId: string }> {
  const { kind, key, mailboxId, ticketId, entryId, releaseId, sendAfter, mail } = wish;
  const [created] = await tx.sending.createManyAndReturn({
    data: [
      {
        kind,
        key,
        mailboxId,
        ticketId: ticketId ?? null,
        entryId: entryId ?? null,
        releaseId: releaseId ?? null,
        sendAfter: sendAfter ?? new Date(),
        mail: OutgoingMail.parse(mail),
        automatic: mail.automatic,
        recipients: [...mail.to, ...mail.cc].map(({ address }) => address.toLowerCase()),
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });
  if (!created) {
    const { id } = await tx.sending.findUniqueOrThrow({ where: { key }, select: { id: true } });
    return { sendingId: id };
  }
  await queue.enqueue(tx, "send-mail", { sendingId: created.id }, sendAfter ? { after: sendAfter } : {});
  return { sendingId: created.id };
}

/** Takes the wish back. False once it is on its way. */
export async function takeBackSending(tx: DeskTransaction, sendingId: string): Promise<boolean> {
  const { count } = await tx.sending.updateMany({
    where: { id: sendingId, state: "waiting" },
    data: { state: "taken_back" },
  });
  return count === 1;
}
