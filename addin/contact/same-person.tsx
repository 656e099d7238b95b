import { Button } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ContactDetail, ContactMerger, type ContactView } from "../../server/desk/contract/people.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useAskAnewOfPeople, useFindContacts } from "../desk/desk.tsx";
import { ContactRow } from "../mail/find-contact.tsx";
import { SearchList } from "../pane/search-list.tsx";
import { peopleText } from "../text/people.ts";
import { useText } from "../text/text.tsx";
import { ConfirmMerger } from "./confirm-merger.tsx";

/** Another contact is the same person: chosen, previewed in one sentence, then merged. */
export function SamePerson({
  contact,
  merged,
  close,
}: {
  contact: ContactView;
  merged: (into: ContactView) => void;
  close: () => void;
}) {
  const text = useText(peopleText);
  const [into, choose] = useState<ContactView | null>(null);
  if (into) return <Confirm contact={contact} into={into} merged={merged} cancel={() => choose(null)} />;
  return (
    <SearchList
      label={text.samePersonAs(contact.name)}
      hint={text.searchContact}
      nothing={text.nobodyFound}
      useFound={useFindContacts}
      leaveOut={({ id }) => id === contact.id}
      row={(found) => <ContactRow key={found.id} contact={found} choose={() => choose(found)} />}
    >
      <Button size="small" appearance="subtle" onClick={close}>
        {text.cancel}
      </Button>
    </SearchList>
  );
}

function Confirm({
  contact,
  into,
  merged,
  cancel,
}: {
  contact: ContactView;
  into: ContactView;
  merged: (into: ContactView) => void;
  cancel: () => void;
}) {
  const text = useText(peopleText);
  const preview = usePreview(contact.id, into.id);
  const merge = useMerge(contact, into, merged);
  return (
    <ConfirmMerger
      sentence={preview.data ? text.contactMerger(preview.data) : null}
      error={preview.error ?? merge.error}
      yes={text.isSamePerson(into.name)}
      busy={merge.isPending}
      merge={() => merge.mutate()}
      cancel={cancel}
    />
  );
}

function usePreview(contactId: string, intoId: string) {
  const ask = useAsk();
  return useQuery({
    queryKey: ["contact-merger", contactId, intoId],
    queryFn: ({ signal }) => ask.read(`/contacts/${contactId}/merger?intoId=${intoId}`, ContactMerger, signal),
    staleTime: 0,
  });
}

function useMerge(contact: ContactView, into: ContactView, merged: (into: ContactView) => void) {
  const text = useText(peopleText);
  const ask = useAsk();
  const queries = useQueryClient();
  const askAnew = useAskAnewOfPeople();
  return useAct<void, ContactDetail>({
    run: (_, key) =>
      ask.change(`/contacts/${contact.id}/merger`, ContactDetail, { method: "POST", key, body: { intoId: into.id } }),
    done: () => text.contactsMerged(contact.name, into.name),
    after: async (detail) => {
      queries.setQueryData(["contact", into.id], detail);
      merged(detail.contact);
      await askAnew();
    },
  });
}
