import { useQueryClient } from "@tanstack/react-query";
import type { HeldMailView } from "../../server/desk/contract/held.ts";
import { Opened } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk } from "../desk/desk.tsx";
import { useText } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";

/** A ticket of its own instead of the suggested one, for the suggested contact or else for the sender as he names himself. */
export function useSplit({ messageId, contact, sender, subject, team, attachmentIds }: HeldMailView) {
  const ask = useAsk();
  const text = useText(trayText);
  const queries = useQueryClient();
  return useAct<void, Opened>({
    run: (_, key) => {
      const newContact = { name: sender.name || sender.address, address: sender.address };
      const requester = contact ? { contactId: contact.contact.id } : { newContact };
      const body = {
        messageId,
        requester,
        subject: subject.trim().slice(0, 500) || text.noSubject,
        team,
        attachmentIds,
      };
      return ask.change("/tickets", Opened, { method: "POST", key, body });
    },
    done: ({ sentence, ticket }) => sentence ?? text.ticketCreated(ticket.number),
    after: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["held"] }),
        queries.invalidateQueries({ queryKey: ["mail"] }),
      ]),
  });
}
