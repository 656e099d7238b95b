import { Button } from "@fluentui/react-components";
import type { ContactView } from "../../server/desk/contract/people.ts";
import { useFindContacts } from "../desk/desk.tsx";
import { useLayout } from "../pane/layout.ts";
import { SearchList } from "../pane/search-list.tsx";
import { newTicketText } from "../text/new-ticket.ts";
import { useText } from "../text/text.tsx";

export function FindContact({
  choose,
  makeNew,
  cancel,
}: {
  choose: (contact: ContactView) => void;
  /** Without it nobody new is offered. */
  makeNew?: () => void;
  cancel: () => void;
}) {
  const text = useText(newTicketText);
  return (
    <SearchList
      label={text.chooseContact}
      hint={text.searchContact}
      nothing={text.nobodyFound}
      useFound={useFindContacts}
      row={(contact) => <ContactRow key={contact.id} contact={contact} choose={() => choose(contact)} />}
    >
      {makeNew ? (
        <Button size="small" onClick={makeNew}>
          {text.newContact}
        </Button>
      ) : null}
      <Button size="small" appearance="subtle" onClick={cancel}>
        {text.cancel}
      </Button>
    </SearchList>
  );
}

export function ContactRow({ contact, choose }: { contact: ContactView; choose: () => void }) {
  const layout = useLayout();
  const text = useText(newTicketText);
  return (
    <li className={layout.pair}>
      <div className={`${layout.tight} ${layout.grow}`}>
        <span>{contact.name}</span>
        <span className={layout.quiet}>
          {[contact.organization.name, contact.addresses[0]].filter(Boolean).join(" · ")}
        </span>
      </div>
      <Button size="small" aria-label={`${text.choose}: ${contact.name}`} onClick={choose}>
        {text.choose}
      </Button>
    </li>
  );
}
