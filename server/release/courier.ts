/**
 * Sends the mails that the portal wants sent; the portal itself has no mail credential.
 * A code is nowhere longer than it must be: blanked in the portal once it is handed over, in the desk once it is sent.
 */
import { z } from "zod";
import { audit } from "../desk/audit.ts";
import { transact } from "../desk/database.ts";
import { intendMail } from "../desk/mail/send.ts";
import type { DoorContext } from "./context.ts";
import { signInCodeMail } from "./mails/sign-in-code.ts";
import { changePortal } from "./publisher.ts";
import { supportMailbox } from "./support-mailbox.ts";

const kind = "sign_in_code";
const Code = z.object({ code: z.string().min(4).max(64) });

export async function deliverPortalMails(door: DoorContext) {
  await forgetSentCodes(door);
  const waiting = await door.publisher.portalMail.findMany({
    where: { sentAt: null },
    orderBy: { createdAt: "asc" },
    take: 200,
  });
  for (const mail of waiting) {
    await handOver(door, mail);
    await changePortal(door.publisher, (tx) =>
      tx.portalMail.update({
        where: { mailId: mail.mailId },
        data: { sentAt: new Date(), facts: {} },
        select: { mailId: true },
      }),
    );
  }
}

type PortalMail = { mailId: string; kind: string; address: string; language: string; facts: unknown; expiresAt: Date };

/** The intent's key is the portal's mail: handed over twice, it is one mail. */
async function handOver(door: DoorContext, { mailId, ...mail }: PortalMail) {
  const code = Code.safeParse(mail.facts);
  const refused =
    mail.expiresAt.getTime() <= Date.now() ? "expired" : mail.kind !== kind || !code.success ? "unknown_kind" : null;
  await transact(door.desk, async (tx) => {
    if (refused || !code.success) {
      await audit(
        tx,
        { rule: "the portal's courier" },
        { act: "portal_mail_dropped", subject: mailId, details: { because: refused } },
      );
      return;
    }
    const { subject, html } = signInCodeMail({ language: mail.language, code: code.data.code });
    await intendMail(tx, door.queue, {
      kind,
      key: `portal-mail:${mailId}`,
      mailboxId: (await supportMailbox(door, tx)).id,
      mail: {
        to: [{ name: "", address: mail.address }],
        cc: [],
        subject,
        html,
        answersMessageId: null,
        attachments: [],
        automatic: true,
      },
    });
  });
}

/** A kept code is worth nothing to us and something to whoever reads a backup. */
async function forgetSentCodes({ desk }: DoorContext) {
  await desk.$executeRaw`
    update sendings set mail = mail || '{"subject": "", "html": ""}'::jsonb
     where kind = ${kind} and state in ('sent', 'taken_back', 'failed') and mail->>'html' <> ''`;
}
