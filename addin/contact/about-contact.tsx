import { makeStyles, tokens } from "@fluentui/react-components";
import { lazy, useState } from "react";
import type { ContactView } from "../../server/desk/contract/people.ts";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";

const About = lazy(async () => ({ default: (await import("./about.tsx")).About }));

const useStyles = makeStyles({
  summary: { cursor: "pointer", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  content: { paddingBlock: tokens.spacingVerticalS, paddingInlineStart: tokens.spacingHorizontalM },
});

/** Addresses, former ones, and who turned out to be the same person: one fold away, and fetched when it opens. */
export function AboutContact({
  contact,
  changed,
}: {
  contact: ContactView;
  /** Whoever the contact is now, with what was changed. */
  changed: (contact: ContactView) => void;
}) {
  const styles = useStyles();
  const layout = useLayout();
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className={styles.summary}>{text.aboutContact(contact.name)}</summary>
      <div className={`${layout.section} ${styles.content}`}>
        {open ? (
          <Part waiting={<Waiting label={text.looking} />}>
            <About contact={contact} changed={changed} />
          </Part>
        ) : null}
      </div>
    </details>
  );
}
