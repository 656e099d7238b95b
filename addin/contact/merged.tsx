import { Button } from "@fluentui/react-components";
import { z } from "zod";
import { useAct } from "../desk/act.ts";
import { useAsk, useAskAnewOfPeople } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { peopleText } from "../text/people.ts";
import { useText, useTimes } from "../text/text.tsx";

type One = { id: string; name: string; at: string; by: string };

/** Who turned out to be the same, who said so, and the way back. */
export function Merged({
  path,
  merged,
  says,
  decides,
  undone,
}: {
  path: "contacts" | "organizations";
  merged: One[];
  says: (name: string, by: string, when: string) => string;
  decides: boolean;
  undone: () => Promise<void>;
}) {
  const layout = useLayout();
  const text = useText(peopleText);
  const times = useTimes();
  const undo = useUndo(path, undone);
  if (merged.length === 0) return null;
  return (
    <>
      <ul className={layout.list}>
        {merged.map(({ id, name, at, by }) => (
          <li key={id} className={layout.pair}>
            <span className={`${layout.quiet} ${layout.grow}`}>{says(name, by, times.short(at))}</span>
            {decides ? (
              <Button
                size="small"
                aria-label={text.undoMerger(name)}
                disabledFocusable={undo.isPending}
                onClick={() => undo.mutate({ id, name })}
              >
                {text.undo}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {undo.isError ? <Refusal error={undo.error} /> : null}
    </>
  );
}

function useUndo(path: "contacts" | "organizations", undone: () => Promise<void>) {
  const text = useText(peopleText);
  const ask = useAsk();
  const askAnew = useAskAnewOfPeople();
  return useAct<{ id: string; name: string }, string>({
    run: async ({ id, name }, key) => {
      await ask.change(`/${path}/${id}/merger`, z.looseObject({}), { method: "DELETE", key });
      return name;
    },
    done: (name) => text.mergerUndone(name),
    after: async () => {
      await undone();
      await askAnew();
    },
  });
}
