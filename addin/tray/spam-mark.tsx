import type { SpamMarkView } from "../../server/desk/contract/held.ts";
import { useText, useTimes } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";
import { Folded } from "./folded.tsx";
import { useDecisions } from "./held.ts";

/** A sender who was called spam: how much is folded away for it, and the way back. */
export function SpamMark({ mark }: { mark: SpamMarkView }) {
  const text = useText(trayText);
  const times = useTimes();
  const can = useDecisions();
  return (
    <Folded
      title={mark.sender.address || text.noSubject}
      lines={[
        mark.subject || text.noSubject,
        [text.markedBy(mark.by), times.short(mark.at), text.foldedMails(mark.mails)].join(" · "),
      ]}
      undo={can.notSpam(mark.messageId)}
      label={text.notSpam}
    />
  );
}
