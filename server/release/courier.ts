/**
 * Sends the mails that the portal wants sent; the portal itself has no mail credential.
 * A code is nowhere longer than it must be: blanked in the portal once it is handed over, in the desk once it is sent.
 */
import { z } from "zod";
import { Prisma } from "../../prisma/generated/desk/client.ts";
import { audit } from "../desk/audit.ts";
import { transact } from "../desk/database.ts";
import { intendMail, signInCode } from "../desk/mail/send.ts";
import type { DoorContext } from "./context.ts";
import { signInCodeMail } from "./mails/sign-in-code.ts";
import { changePortal } from "./publisher.ts";
import { supportMailbox } from "./support-mailbox.ts";

/** What portal/sign-in makes. Anything longer would be words, and the portal is not to choose the words of our mails. */
const Code = z.object({ code: z.string().regex(/^\d{6,8}$/) });

export async function deliverPortalMails(door: DoorContext) {
  await forgetSecrets(door);
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
    mail.expiresAt.getTime() <= Date.now()
      ? "expired"
      : mail.kind !== signInCode || !code.success
        ? "unknown_kind"
        : (await isCustomer(door, mail.address))
          ? null
          : "no_customer";
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
      kind: signInCode,
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

/** The portal has looked already; the door does not take its word for it. */
async function isCustomer({ publisher }: DoorContext, address: string) {
  const row = await publisher.customerAddress.findUnique({ where: { address }, select: { address: true } });
  return row !== null;
}

/**
 * A kept code or link is worth nothing to us and something to whoever reads a backup: once a mail is out, they go from
 * what is kept of it. Codes also go from the copy of the sent mail, whose bytes hold nothing else.
 */
async function forgetSecrets({ desk, files }: DoorContext) {
  const over = Prisma.sql`state in ('sent', 'taken_back', 'failed')`;
  await transact(desk, async (tx) => {
    const codes = await tx.$queryRaw<{ raw: string | null }[]>`
      with gone as (
        update sendings set mail = mail || '{"subject": "", "html": ""}'::jsonb
         where kind = ${signInCode} and ${over} and mail->>'html' <> '' returning id
      ), copies as (
        update messages set subject = '', text = '', visible_text = '', html = '', visible_html = ''
         where fingerprint in (select 'sent ' || id from gone) returning raw_sha256
      ) select raw_sha256 as raw from copies`;
    for (const { raw } of codes) if (raw) await files.remove(raw);

    await tx.$executeRaw`
      with gone as (
        update sendings set mail = jsonb_set(mail, '{html}', to_jsonb(regexp_replace(mail->>'html', ${secretInLink}, '…', 'g')))
         where kind = 'reply' and ${over} and mail->>'html' ~ ${secretInLink} returning id
      ) update messages
           set text = regexp_replace(text, ${secretInLink}, '…', 'g'),
               visible_text = regexp_replace(visible_text, ${secretInLink}, '…', 'g'),
               html = regexp_replace(html, ${secretInLink}, '…', 'g'),
               visible_html = regexp_replace(visible_html, ${secretInLink}, '…', 'g')
         where fingerprint in (select 'sent ' || id from gone)`;
  });
}

/** A secure link's secret behind its place: https://portal.example/l/… */
const secretInLink = "(?<=/l/)[A-Za-z0-9_-]{22,}";
