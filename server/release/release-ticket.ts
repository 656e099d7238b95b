/** The customer sees that the ticket exists, its subject, its status and what he wrote himself. */
import { z } from "zod";
import type { AgentContext } from "../desk/context.ts";
import { TicketNumber, TicketView } from "../desk/contract/tickets.ts";
import { transact } from "../desk/database.ts";
import { lockToWrite } from "../desk/tickets/lock.ts";
import { ticketView } from "../desk/tickets/show.ts";
import { endpoint } from "../platform/endpoint.ts";
import { publishAtOnce, publishInAnyCase } from "./at-once.ts";
import type { DoorContext } from "./context.ts";
import { showTicket } from "./settle.ts";

export const releaseTicket = (door: DoorContext) =>
  endpoint({
    summary: "Shows the ticket in the customer's portal: subject, status and the customer's own words.",
    input: z.strictObject({ number: TicketNumber }),
    output: TicketView,
    run: async ({ number }, asking: AgentContext) => {
      const ticketId = await transact(door.desk, async (tx) => {
        const ticket = await lockToWrite(tx, number);
        await showTicket(tx, asking, ticket.id, null);
        await publishInAnyCase(door, tx, ticket.id);
        return ticket.id;
      });
      await publishAtOnce(door, ticketId);
      return ticketView(door.desk, number);
    },
  });
