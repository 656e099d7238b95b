/**
 * The first start's world. Mails are delivered as mails are, and what agents did is done through their API,
 * so that the world is one that Deskhatch itself made.
 */
import { randomUUID } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import type { Sandbox } from "../sandbox.ts";
import { deskApp, people } from "../world.ts";
import { agentAt } from "./agent.ts";
import { mails, type SampleMail } from "./mails.ts";

/** The one mailbox that Deskhatch reads here. */
export const mailbox = "support@deskhatch.test";

export async function settle({ sandbox, apiUrl }: { sandbox: Sandbox; apiUrl: string }) {
  const ids = new Map<string, string>();
  for (const mail of mails) ids.set(mail.name, await deliver(sandbox, mail));

  const anna = await agentAt(apiUrl, await tokenOf(sandbox, "anna@deskhatch.test"));
  const ben = await agentAt(apiUrl, await tokenOf(sandbox, "ben@deskhatch.test"));
  const mailNamed = (name: string) => ({ mailbox, internetMessageId: ids.get(name) ?? "" });

  for (const name of ["Alice Moreau", "Adam Lindqvist", "Bob Tanaka"]) await ben.invite(name);

  const lamp = await anna.convert(mailNamed("lamp"));
  await anna.note(lamp, "<p>Anlage 7 hat seit 2024 eine neue Steuerung. Handbuch liegt im Laufwerk T.</p>");
  await anna.reply(
    lamp,
    "<p>Guten Tag Frau Vogel,</p><p>die orange Lampe meldet nur die fällige Wartung. Die Anlage kann weiterlaufen. Passt Ihnen Donnerstag, 10 Uhr?</p><p>Freundliche Grüße<br>Anna Albrecht</p>",
  );

  const reminders = await ben.convert(mailNamed("appointment system"), { priority: "high" });
  await ben.note(reminders, "<p>The second scheduler on the old server was never switched off. Off now.</p>");
  await ben.reply(
    reminders,
    "<p>Dear Dr. Solano,</p><p>the reminders came twice because two schedulers were running. One of them is off now, so tonight's run goes out once.</p><p>Kind regards<br>Ben Okafor</p>",
    "resolved",
  );

  const access = await anna.convert(mailNamed("access for a colleague"));
  await anna.change(access, { status: "in_progress", assignee: "me" });

  const vpn = await ben.convert(mailNamed("from home"), { priority: "low" });
  await ben.change(vpn, { status: "waiting_on_third_party" });
  await ben.note(vpn, "<p>Asked the certificate authority; they answer within two days.</p>");
}

async function tokenOf(sandbox: Sandbox, address: string) {
  const person = people.find((one) => one.address === address);
  if (!person) throw new Error(`Nobody in the sandbox has the address ${address}.`);
  const wish = { person, clientId: deskApp.clientId, scopes: [deskApp.scope] };
  return (await sandbox.entra.issueDelegatedToken(wish)).access_token;
}

/** Puts a mail into the support mailbox as if it had come some time ago. Returns its Message-ID. */
async function deliver(sandbox: Sandbox, { name: _, minutesAgo, ...mail }: SampleMail) {
  const date = new Date(Date.now() - minutesAgo * 60_000);
  const messageId = `<${randomUUID()}@${mail.from.address.split("@")[1]}>`;
  const raw = await new MailComposer({ ...mail, date, messageId }).compile().build();
  await sandbox.deliver(raw, { to: [mailbox], from: mail.from.address, receivedAt: date });
  return messageId;
}
