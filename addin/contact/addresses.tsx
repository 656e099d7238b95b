import { Button } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { ContactDetail, type ContactView } from "../../server/desk/contract/people.ts";
import { useAct } from "../desk/act.ts";
import { useAsk } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { peopleText } from "../text/people.ts";
import { useText } from "../text/text.tsx";

type Correction = { address: string; as: "forgotten" | "ended" | "resumed" };

/** What is a contact's address, what used to be, and the ways to say otherwise. */
export function Addresses({ detail, changed }: { detail: ContactDetail; changed: (contact: ContactView) => void }) {
  const layout = useLayout();
  const text = useText(peopleText);
  const { contact, formerAddresses } = detail;
  const correct = useCorrectAddress(contact, changed);
  const say = (as: Correction["as"], address: string, words: string) => (
    <Button
      size="small"
      appearance="subtle"
      aria-label={`${words}: ${address}`}
      disabledFocusable={correct.isPending}
      onClick={() => correct.mutate({ address, as })}
    >
      {words}
    </Button>
  );

  return (
    <section className={layout.tight} aria-label={text.addresses}>
      <ul className={layout.list}>
        {contact.addresses.map((address) => (
          <li key={address} className={layout.tight}>
            <span>{address}</span>
            {contact.addresses.length > 1 ? (
              <span className={layout.row}>
                {say("ended", address, text.noLongerUsed)}
                {say("forgotten", address, text.notTheirs)}
              </span>
            ) : null}
          </li>
        ))}
        {formerAddresses.map((address) => (
          <li key={address} className={layout.tight}>
            <span className={layout.quiet}>{text.formerAddress(address)}</span>
            <span className={layout.row}>{say("resumed", address, text.useAgain)}</span>
          </li>
        ))}
      </ul>
      {correct.isError ? <Refusal error={correct.error} /> : null}
    </section>
  );
}

function useCorrectAddress({ id, name }: ContactView, changed: (contact: ContactView) => void) {
  const text = useText(peopleText);
  const ask = useAsk();
  const queries = useQueryClient();
  return useAct<Correction, ContactDetail & { said: string }>({
    run: async ({ address, as }, key) => {
      const named = encodeURIComponent(address);
      const detail =
        as === "ended"
          ? await ask.change(`/contacts/${id}/former-addresses`, ContactDetail, {
              method: "POST",
              key,
              body: { address },
            })
          : as === "resumed"
            ? await ask.change(`/contacts/${id}/former-addresses/${named}`, ContactDetail, { method: "DELETE", key })
            : await ask.change(`/contacts/${id}/addresses/${named}`, ContactDetail, { method: "DELETE", key });
      return { ...detail, said: text.addressIs[as](address, name) };
    },
    done: ({ said }) => said,
    after: ({ said: _, ...detail }) => {
      queries.setQueryData(["contact", id], detail);
      changed(detail.contact);
    },
  });
}
