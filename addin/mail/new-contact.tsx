import { Button, Field, Input } from "@fluentui/react-components";
import { type FormEvent, useId, useState } from "react";
import { NewContact } from "../../server/desk/contract/people.ts";
import { useFindOrganizations } from "../desk/desk.tsx";
import { useLater } from "../pane/later.ts";
import { useLayout } from "../pane/layout.ts";
import { newTicketText } from "../text/new-ticket.ts";
import { useText } from "../text/text.tsx";

/** A contact that is created together with the ticket, never before it. */
export function NewContactForm({
  proposal,
  use,
  cancel,
}: {
  proposal: NewContact;
  use: (contact: NewContact) => void;
  cancel: () => void;
}) {
  const layout = useLayout();
  const text = useText(newTicketText);
  const [name, setName] = useState(proposal.name);
  const [address, setAddress] = useState(proposal.address);
  const [organization, setOrganization] = useState(proposal.organizationName ?? "");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const organizations = useFindOrganizations(useLater(organization.trim())).data ?? [];
  const known = useId();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const existing = organizations.find((each) => each.name.toLowerCase() === organization.trim().toLowerCase());
    const belongsTo = existing
      ? { organizationId: existing.id }
      : organization.trim()
        ? { organizationName: organization.trim() }
        : {};
    const contact = NewContact.safeParse({ name, address, ...belongsTo });
    if (contact.success) use(contact.data);
    else setWrong(Object.fromEntries(contact.error.issues.map(({ path, message }) => [String(path[0]), message])));
  };

  return (
    <form className={layout.section} onSubmit={submit} noValidate aria-label={text.newContact}>
      <Field label={text.name} required validationMessage={wrong.name}>
        <Input value={name} autoFocus onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label={text.address} required validationMessage={wrong.address}>
        <Input type="email" value={address} onChange={(_, { value }) => setAddress(value)} />
      </Field>
      <Field label={text.organization} hint={text.organizationHint}>
        <Input list={known} value={organization} onChange={(_, { value }) => setOrganization(value)} />
      </Field>
      <datalist id={known}>
        {organizations.map(({ id, name: each }) => (
          <option key={id} value={each} />
        ))}
      </datalist>
      <div className={layout.row}>
        <Button type="submit" size="small">
          {text.useContact}
        </Button>
        <Button size="small" appearance="subtle" onClick={cancel}>
          {text.cancel}
        </Button>
      </div>
    </form>
  );
}
