import { useMutation } from "@tanstack/react-query";
import { use, useRef } from "react";
import { shownKey } from "../outlook/outlook.ts";
import { sentenceOf } from "../pane/failure.tsx";
import { Moved } from "../pane/moved.ts";
import { tell } from "../pane/notices.tsx";
import { ShownContext } from "../pane/shown.tsx";
import { useText } from "../text/text.tsx";

type Act<Input, Output> = {
  run: (input: Input, key: string) => Promise<Output>;
  /** What to say when it is done. */
  done?: (output: Output, input: Input) => string | null;
  after?: (output: Output, input: Input) => unknown;
};

/**
 * Something an agent does. It belongs to the mail for which its button was drawn: when Outlook has moved on it is refused,
 * and when Outlook moves on while the desk is working, the pane says for which mail it was done.
 * Repeated after a failure with the same words it carries the same key, so that it is done once.
 */
export function useAct<Input = void, Output = unknown>({ run, done, after }: Act<Input, Output>) {
  const place = use(ShownContext);
  if (!place) throw new Error("Draw this inside a ShownContext: what it does belongs to one mail.");
  const drawnFor = place === "everywhere" ? null : place;
  const text = useText();
  const attempt = useRef<{ words: string; key: string } | null>(null);

  return useMutation<Output, Error, Input>({
    mutationFn: (input) => {
      if (drawnFor && shownKey() !== drawnFor.key) throw new Moved(text.moved(drawnFor.subject));
      const words = JSON.stringify(input) ?? "";
      const again = attempt.current?.words === words ? attempt.current : null;
      attempt.current = again ?? { words, key: crypto.randomUUID() };
      return run(input, attempt.current.key);
    },
    onSuccess: async (output, input) => {
      attempt.current = null;
      await after?.(output, input);
      const words = done?.(output, input);
      if (!words) return;
      if (!drawnFor || shownKey() === drawnFor.key) tell("success", words);
      else tell("info", text.doneElsewhere(words, drawnFor.subject));
    },
    onError: (error) => {
      if (error instanceof Moved) tell("warning", error.message);
      else if (drawnFor && shownKey() !== drawnFor.key)
        tell("error", text.failedElsewhere(sentenceOf(error, text), drawnFor.subject));
    },
  });
}
