/** An agent who works through the desk's API, as the pane does. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { z } from "zod";
import type { SelectedMail } from "../../server/desk/contract/mails.ts";
import { OpenMail } from "../../server/desk/contract/mails.ts";
import { ContactList, ContactView, Me } from "../../server/desk/contract/people.ts";
import { EntryView, Opened, TicketView } from "../../server/desk/contract/tickets.ts";

/** `token`: an access token for the desk's API. */
export async function agentAt(apiUrl: string, token: string) {
  async function ask<Answer extends z.ZodType>(
    answer: Answer,
    method: string,
    path: string,
    body?: object,
    version?: number,
  ) {
    const response = await fetch(`${apiUrl}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "x-deskhatch-client": "sandbox-seed",
        ...(method !== "GET" && { "idempotency-key": randomUUID() }),
        ...(version !== undefined && { "if-match": `"${version}"` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return answer.parse(JSON.parse(text));
  }

  const me = await ask(Me, "GET", "/me");
  const ticket = (number: number) => ask(TicketView, "GET", `/tickets/${number}`);

  /** Waits until the desk knows the mail: it is fetched through Graph as every mail is. */
  async function open(mail: z.input<typeof SelectedMail>) {
    const query = new URLSearchParams(mail);
    for (let tries = 0; tries < 600; tries++) {
      const answer = await ask(OpenMail, "GET", `/mails/open?${query}`);
      if (answer.state === "known") return answer.mail;
      await pause(50);
    }
    throw new Error(`The desk did not see ${mail.internetMessageId} within 30 s. Look at its log with LOG_LEVEL=info.`);
  }

  return {
    ask,
    open,
    ticket,
    /** One click in the pane: everything as proposed. */
    convert: async (selected: z.input<typeof SelectedMail>, choice: { priority?: "low" | "normal" | "high" } = {}) => {
      const { messageId, proposal } = await open(selected);
      const { requesterId, subject, team, priority, attachmentIds } = proposal;
      if (!requesterId) throw new Error(`Nobody is proposed as the requester of "${subject}".`);
      const wish = {
        messageId,
        requester: { contactId: requesterId },
        subject,
        team,
        priority,
        attachmentIds,
        ...choice,
      };
      const opened = await ask(Opened, "POST", "/tickets", wish);
      return opened.ticket.number;
    },
    note: (number: number, html: string) => ask(EntryView, "POST", `/tickets/${number}/notes`, { html }),
    reply: (number: number, html: string, thenStatus?: string) =>
      ask(EntryView, "POST", `/tickets/${number}/replies`, { html, ...(thenStatus && { thenStatus }) }),
    /** Lets a contact sign in to the portal; an invitation goes out by mail. */
    invite: async (name: string) => {
      const { contacts } = await ask(ContactList, "GET", `/contacts?search=${encodeURIComponent(name)}`);
      const [contact] = contacts;
      if (!contact) throw new Error(`No contact is called ${name}.`);
      return ask(ContactView, "POST", `/contacts/${contact.id}/invitation`);
    },
    change: async (number: number, { assignee, ...changes }: { status?: string; assignee?: "me" }) => {
      const { version } = await ticket(number);
      const wish = { ...changes, ...(assignee && { assigneeId: me.agent.id }) };
      return ask(TicketView, "PATCH", `/tickets/${number}`, wish, version);
    },
  };
}
