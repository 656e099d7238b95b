import { useEffect, useRef } from "react";
import { type Completion, type HostFrame, openHostFrame } from "../host/frame.ts";
import { type AddInSurroundings, frameSettings } from "./frame-settings.ts";

/** A function of the add-in to be run: by a button without a pane, or by an event. */
export type FunctionCall = { id: string; name: string; url: string; event: unknown };

/** Runs functions of the add-in in a page that nobody sees, with the same item as the pane. */
export function FunctionFrame(
  props: AddInSurroundings & { call: FunctionCall; onEnd: (call: FunctionCall, end: Completion) => void },
) {
  const container = useRef<HTMLDivElement>(null);
  const frame = useRef<HostFrame | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { call } = props;

  useEffect(() => {
    const at = container.current;
    if (!at) return;
    const opened = openHostFrame(at, {
      ...frameSettings(latest, call.url, `${latest.current.addIn.name}: functions`),
      onClosed: () => undefined,
    });
    frame.current = opened;
    return () => {
      frame.current = null;
      opened.close();
    };
  }, [call.url]);

  useEffect(() => {
    void frame.current?.run(call.name, call.event).then((end) => latest.current.onEnd(call, end));
  }, [call]);

  return <div ref={container} hidden />;
}
