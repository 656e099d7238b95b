import { endpoint } from "../../platform/endpoint.ts";
import { conflict } from "../../platform/problems.ts";
import type { AgentContext } from "../context.ts";
import { AddMail, TicketView } from "../contract/tickets.ts";
import { transact } from "../database.ts";
import { fileMessage } from "../mail/file.ts";
import { lockToWrite } from "./lock.ts";
import { lockMessage } from "./open.ts";
import { ticketView } from "./show.ts";
import { whoseMail } from "./whose-mail.ts";

export const addMail = endpoint({
  summary: "Adds a kept mail to a ticket that exists.",
  input: AddMail,
  output: TicketView,
  run: async ({ number, messageId, attachmentIds }, { desk, queue, ...asking }: AgentContext) => {
    await transact(desk, async (tx) => {
      const message = await lockMessage(tx, messageId);
      const ticket = await lockToWrite(tx, number);
      if (message.ticketId === ticket.id) return;
      if (message.ticketId) {
        const { sentence, number: theirs } = await whoseMail(tx, messageId, message.ticketId);
        throw conflict("has_ticket", sentence, { number: theirs });
      }
      const because = [`${asking.agent.name} added it`];
      await fileMessage(tx, queue, { messageId, ticketId: ticket.id, attachmentIds, actor: asking, because });
    });
    return ticketView(desk, number);
  },
});
