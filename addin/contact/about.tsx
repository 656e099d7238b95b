import { Button } from "@fluentui/react-components";
import { useState } from "react";
import type { ContactDetail, ContactView } from "../../server/desk/contract/people.ts";
import { useContact, useMyself } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { Waiting } from "../pane/states.tsx";
import { peopleText } from "../text/people.ts";
import { useText } from "../text/text.tsx";
import { Addresses } from "./addresses.tsx";
import { Company } from "./company.tsx";
import { Merged } from "./merged.tsx";
import { SamePerson } from "./same-person.tsx";

/** Addresses, former ones, the company, and who turned out to be the same person. */
export function About({ contact, changed }: { contact: ContactView; changed: (contact: ContactView) => void }) {
  const text = useText(peopleText);
  const about = useContact(contact.id);
  const lookAgain = async () => {
    const { data } = await about.refetch();
    if (data) changed(data.contact);
  };
  if (about.data) return <Known detail={about.data} changed={changed} lookAgain={lookAgain} />;
  return about.isError ? <Refusal error={about.error} /> : <Waiting label={text.looking} />;
}

function Known({
  detail,
  changed,
  lookAgain,
}: {
  detail: ContactDetail;
  changed: (contact: ContactView) => void;
  lookAgain: () => Promise<void>;
}) {
  const text = useText(peopleText);
  const { agent } = useMyself();
  const [merging, setMerging] = useState(false);
  const { contact } = detail;
  const decides = agent.role !== "agent";
  return (
    <>
      <Addresses detail={detail} changed={changed} />
      <Merged path="contacts" merged={detail.merged} says={text.mergedContact} decides={decides} undone={lookAgain} />
      {decides && !merging ? (
        <div>
          <Button size="small" onClick={() => setMerging(true)}>
            {text.samePerson}
          </Button>
        </div>
      ) : null}
      {merging ? <SamePerson contact={contact} merged={changed} close={() => setMerging(false)} /> : null}
      {contact.organization.personal ? null : (
        <Company organization={contact.organization} decides={decides} changed={lookAgain} />
      )}
    </>
  );
}
