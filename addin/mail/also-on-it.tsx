import { Checkbox, makeStyles } from "@fluentui/react-components";
import type { AlsoAddressed } from "../../server/desk/contract/mails.ts";
import { useLayout } from "../pane/layout.ts";
import { newTicketText } from "../text/new-ticket.ts";
import { useText } from "../text/text.tsx";

const useStyles = makeStyles({ people: { border: 0, margin: 0, padding: 0, "& > legend": { padding: 0 } } });

/** Who else got the mail: each is taken onto the ticket by a tick, none without. */
export function AlsoOnIt({
  people,
  taken,
  take,
}: {
  people: AlsoAddressed[];
  taken: string[];
  take: (addresses: string[]) => void;
}) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText(newTicketText);
  if (people.length === 0) return null;
  return (
    <fieldset className={styles.people}>
      <legend className={layout.quiet}>{text.alsoOnIt}</legend>
      {people.map(({ address: { name, address }, contact }) => (
        <Checkbox
          key={address}
          label={contact ? `${contact.name} · ${contact.organization.name}` : text.newPerson(name, address)}
          checked={taken.includes(address)}
          onChange={(_, { checked }) => take(checked ? [...taken, address] : taken.filter((each) => each !== address))}
        />
      ))}
    </fieldset>
  );
}

/** As the desk is asked for it. */
export const participantsOf = (people: AlsoAddressed[], taken: string[]) =>
  people
    .filter(({ address: { address } }) => taken.includes(address))
    .map(({ address: { name, address }, contact }) =>
      contact ? { contactId: contact.id } : { newContact: { name: name || address, address } },
    );
