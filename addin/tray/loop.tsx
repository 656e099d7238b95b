import type { LoopView } from "../../server/desk/contract/held.ts";
import { useText, useTimes } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";
import { Folded } from "./folded.tsx";
import { useDecisions } from "./held.ts";

/** Mails that go round or pour in, as one line. */
export function Loop({ loop }: { loop: LoopView }) {
  const text = useText(trayText);
  const times = useTimes();
  const can = useDecisions();
  const where = loop.ticket === null ? [] : [`#${loop.ticket}`];
  return (
    <Folded
      title={text.loopOf(loop.mails, loop.address)}
      lines={[[...where, times.short(loop.foundAt)].join(" · "), `${text.said(loop.because)} ${text.loopHint}`]}
      undo={can.liftLoop(loop.loopId)}
      label={text.liftLoop}
    />
  );
}
