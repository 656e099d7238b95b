/** What the pane knows of held mails, and what can be decided about one. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Decided, HeldMails, SpamMarks } from "../../server/desk/contract/held.ts";
import { useAct } from "../desk/act.ts";
import { useAsk } from "../desk/desk.tsx";
import { useText } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";

const pageOf = (path: string, cursor: string) => (cursor ? `${path}?cursor=${encodeURIComponent(cursor)}` : path);

export function useHeldMails() {
  const ask = useAsk();
  return useInfiniteQuery({
    queryKey: ["held", "mails"],
    queryFn: ({ signal, pageParam }) => ask.read(pageOf("/held-mails", pageParam), HeldMails, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

export function useSpamMarks() {
  const ask = useAsk();
  return useInfiniteQuery({
    queryKey: ["held", "spam"],
    queryFn: ({ signal, pageParam }) => ask.read(pageOf("/spam-marks", pageParam), SpamMarks, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

type Change = { method: "POST" | "DELETE"; path: string; body?: unknown; done: string };

/** One decision about a held mail. Whoever was first is named; afterwards everything is asked again that shows it. */
export function useDecision() {
  const ask = useAsk();
  const queries = useQueryClient();
  return useAct<Change, Decided>({
    run: ({ method, path, body }, key) => ask.change(path, Decided, { method, key, ...(body ? { body } : {}) }),
    done: ({ sentence }, { done }) => sentence ?? done,
    after: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["held"] }),
        queries.invalidateQueries({ queryKey: ["mail"] }),
        queries.invalidateQueries({ queryKey: ["ticket"] }),
      ]),
  });
}

/** What can be decided, in words of the API. */
export function useDecisions() {
  const text = useText(trayText);
  return {
    accept: (messageId: string, number: number, participant: boolean): Change => ({
      method: "POST",
      path: `/mails/${messageId}/acceptance`,
      body: { number, participant },
      done: text.heldFiled(number),
    }),
    spam: (messageId: string): Change => ({
      method: "POST",
      path: `/mails/${messageId}/spam-mark`,
      done: text.spamMarked,
    }),
    notSpam: (messageId: string): Change => ({
      method: "DELETE",
      path: `/mails/${messageId}/spam-mark`,
      done: text.spamTakenBack,
    }),
    tryAgain: (heldId: string): Change => ({
      method: "POST",
      path: `/held-mails/${heldId}/attempts`,
      done: text.triedAgain,
    }),
    liftLoop: (loopId: string): Change => ({ method: "DELETE", path: `/loops/${loopId}`, done: text.loopLifted }),
  };
}
