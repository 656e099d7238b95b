import { makeStyles, shorthands, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons/svg/add";
import { DismissRegular } from "@fluentui/react-icons/svg/dismiss";
import { PersonRegular } from "@fluentui/react-icons/svg/person";
import type { ContactView } from "../../server/desk/contract/people.ts";
import { useLayout } from "../pane/layout.ts";
import { composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";

const useStyles = makeStyles({
  chip: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    maxWidth: "100%",
    padding: `2px ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground1,
    font: "inherit",
    fontSize: tokens.fontSizeBase200,
    overflowWrap: "anywhere",
    textAlign: "start",
  },
  offered: { ...shorthands.borderStyle("dashed"), backgroundColor: "transparent", cursor: "pointer" },
  taken: { cursor: "pointer" },
});

/** Who gets the mail: the requester always, other people of the ticket only when the agent says so, nobody else ever. */
export function Recipients({
  requester,
  participants,
  cc,
  choose,
}: {
  requester: ContactView;
  participants: ContactView[];
  cc: string[];
  choose: (cc: string[]) => void;
}) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText(composerText);
  const others = participants.filter(({ id, addresses }) => id !== requester.id && addresses.length > 0);
  return (
    <div className={layout.section}>
      <div className={layout.row}>
        <span className={layout.quiet}>{text.to}</span>
        <Chip contact={requester} />
      </div>
      {others.length > 0 ? (
        <div className={layout.row}>
          <span className={layout.quiet}>{text.cc}</span>
          {others.map((contact) => {
            const address = contact.addresses[0] ?? "";
            const taken = cc.includes(address);
            return (
              <button
                key={contact.id}
                type="button"
                className={`${styles.chip} ${taken ? styles.taken : styles.offered}`}
                aria-pressed={taken}
                aria-label={taken ? text.removeCc(contact.name) : text.addCc(contact.name)}
                title={address}
                onClick={() => choose(taken ? cc.filter((each) => each !== address) : [...cc, address])}
              >
                {taken ? <DismissRegular aria-hidden /> : <AddRegular aria-hidden />}
                {contact.name}
              </button>
            );
          })}
        </div>
      ) : null}
    </div>
  );
}

function Chip({ contact }: { contact: ContactView }) {
  const styles = useStyles();
  return (
    <span className={styles.chip}>
      <PersonRegular aria-hidden />
      {contact.name} &lt;{contact.addresses[0]}&gt;
    </span>
  );
}
