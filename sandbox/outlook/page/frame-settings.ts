import type { RefObject } from "react";
import { answerAuthRequest, type BridgePerson } from "../host/bridge.ts";
import type { HostTheme } from "../host/context.ts";
import type { FrameSettings } from "../host/frame.ts";
import type { ItemModel } from "../host/item.ts";
import { roamingKey } from "../host/mailbox-calls.ts";
import type { AddIn } from "../host/manifest.ts";
import type { LogEntry } from "../host/wire.ts";
import { browserKeep } from "./preferences.ts";

/** What every page of an add-in finds around it, seen or unseen. */
export type AddInSurroundings = {
  addIn: AddIn;
  item: ItemModel;
  theme: HostTheme;
  bridge: boolean;
  person: BridgePerson;
  onMessage: (entry: LogEntry) => void;
};

/** `latest` is read whenever the page asks, so that it always hears of the mail on screen. */
export function frameSettings(
  latest: RefObject<AddInSurroundings>,
  url: string,
  title: string,
): Omit<FrameSettings, "onClosed"> {
  const { addIn, theme, bridge, person } = latest.current;
  return {
    url,
    title,
    addIn,
    theme,
    bridge,
    locale: "en-US",
    item: () => latest.current.item,
    roamingSettings: roamingSettings(addIn, person.address),
    authenticate: (request) => answerAuthRequest(request, latest.current.person),
    // Office's own single sign-on, before nested app authentication: the sandbox has none.
    accessToken: async () => null,
    onMessage: (entry) => latest.current.onMessage(entry),
  };
}

function roamingSettings(addIn: AddIn, address: string): Record<string, string> {
  const stored = browserKeep.read(roamingKey({ addIn, person: { name: "", address } }));
  return Object.fromEntries(Object.entries(stored).map(([key, value]) => [key, String(value)]));
}
