import { createContext, use, useEffect, useState } from "react";
import { shown as askOutlook, onShownChanged, type Shown, type ShownMail, shownKey } from "../outlook/outlook.ts";

/** What is on screen in Outlook, followed. `null` until Outlook has said it for the first time. */
export function useShown(): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null);

  useEffect(() => {
    let gone = false;
    const look = () =>
      void askOutlook().then((now) => {
        // An answer that arrives after the selection moved on is dropped: the next look is already on its way.
        if (gone || !now || keyOf(now) !== shownKey()) return;
        setShown(now);
      });
    look();
    const stop = onShownChanged(look);
    return () => {
      gone = true;
      stop();
    };
  }, []);

  return shown;
}

const keyOf = (shown: Shown) => (shown.kind === "mail" ? shown.mail.key : "");

/** The mail for which this part of the pane was drawn; `everywhere`: it names its mails itself, whatever Outlook shows. */
export const ShownContext = createContext<ShownMail | "everywhere" | null>(null);

export function useDrawnFor(): ShownMail {
  const mail = use(ShownContext);
  if (!mail || mail === "everywhere")
    throw new Error("Draw this inside a ShownContext: what it does belongs to one mail.");
  return mail;
}
