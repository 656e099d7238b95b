import { EntryView, type TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useRefreshTicket } from "../desk/desk.tsx";
import { useText } from "../text/text.tsx";

export type ReleaseWish = { attachmentIds: string[]; withQuoted: boolean; withInlineImages: boolean };

/** Nothing is chosen beforehand: everything beside the new words is released by its own switch. */
export const nothingMore: ReleaseWish = { attachmentIds: [], withQuoted: false, withInlineImages: false };

export function useRelease(entry: EntryView, ticket: TicketView) {
  const text = useText();
  const ask = useAsk();
  const refresh = useRefreshTicket();
  return useAct<ReleaseWish, EntryView>({
    run: (wish, key) =>
      ask.change(`/tickets/${entry.number}/entries/${entry.id}/releases`, EntryView, {
        method: "POST",
        key,
        body: wish,
      }),
    done: () => text.released,
    after: () => refresh(ticket.number),
  });
}
