import { Button, Field, Input } from "@fluentui/react-components";
import { SearchRegular } from "@fluentui/react-icons/svg/search";
import { useState } from "react";
import type { ContactView } from "../../server/desk/contract/people.ts";
import { useFindContacts } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLater } from "../pane/later.ts";
import { useLayout } from "../pane/layout.ts";
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
  const layout = useLayout();
  const text = useText();
  const [search, setSearch] = useState("");
  const later = useLater(search.trim());
  const found = useFindContacts(later);
  const contacts = later ? (found.data?.contacts ?? []) : [];

  return (
    <search className={layout.section}>
      <Field label={text.chooseContact} hint={text.searchContact}>
        <Input
          type="search"
          autoFocus
          contentBefore={<SearchRegular />}
          value={search}
          onChange={(_, { value }) => setSearch(value)}
        />
      </Field>
      {found.isError ? <Refusal error={found.error} /> : null}
      <ul className={layout.list} aria-live="polite">
        {contacts.map((contact) => (
          <li key={contact.id} className={layout.pair}>
            <div className={`${layout.tight} ${layout.grow}`}>
              <span>{contact.name}</span>
              <span className={layout.quiet}>{[contact.organization.name, contact.addresses[0]].join(" · ")}</span>
            </div>
            <Button size="small" aria-label={`${text.choose}: ${contact.name}`} onClick={() => choose(contact)}>
              {text.choose}
            </Button>
          </li>
        ))}
        {later && found.isSuccess && !found.isPlaceholderData && contacts.length === 0 ? (
          <li className={layout.quiet}>{text.nobodyFound}</li>
        ) : null}
      </ul>
      <div className={layout.row}>
        {makeNew ? (
          <Button size="small" onClick={makeNew}>
            {text.newContact}
          </Button>
        ) : null}
        <Button size="small" appearance="subtle" onClick={cancel}>
          {text.cancel}
        </Button>
      </div>
    </search>
  );
}
