import { Button, Checkbox, Field, Input } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { OrganizationDetail } from "../../server/desk/contract/people.ts";
import { useAct } from "../desk/act.ts";
import { useAsk } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { peopleText } from "../text/people.ts";
import { useText } from "../text/text.tsx";

type Wish = { domain: string; includeSubdomains: boolean };

/** Whoever writes from one of these belongs to the organization. */
export function Domains({ detail, decides }: { detail: OrganizationDetail; decides: boolean }) {
  const layout = useLayout();
  const text = useText(peopleText);
  const [wish, setWish] = useState<Wish | null>(null);
  const change = useDomains(detail.organization.id, () => setWish(null));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wish) change.mutate({ add: wish });
  };
  return (
    <>
      <ul className={layout.list} aria-label={text.domains}>
        {detail.domains.map(({ domain, includeSubdomains }) => (
          <li key={domain} className={layout.pair}>
            <span className={layout.grow}>{includeSubdomains ? text.domainAndBelow(domain) : domain}</span>
            {decides ? (
              <Button
                size="small"
                appearance="subtle"
                aria-label={`${text.remove}: ${domain}`}
                disabledFocusable={change.isPending}
                onClick={() => change.mutate({ remove: domain })}
              >
                {text.remove}
              </Button>
            ) : null}
          </li>
        ))}
        {detail.domains.length === 0 ? <li className={layout.quiet}>{text.noDomains}</li> : null}
      </ul>
      {change.isError ? <Refusal error={change.error} /> : null}
      {decides && !wish ? (
        <div>
          <Button size="small" onClick={() => setWish({ domain: "", includeSubdomains: false })}>
            {text.addDomain}
          </Button>
        </div>
      ) : null}
      {wish ? (
        <form className={layout.section} onSubmit={submit} noValidate>
          <Field label={text.domain} hint={text.domainHint}>
            <Input value={wish.domain} autoFocus onChange={(_, { value }) => setWish({ ...wish, domain: value })} />
          </Field>
          <Checkbox
            label={text.includeSubdomains}
            checked={wish.includeSubdomains}
            onChange={(_, { checked }) => setWish({ ...wish, includeSubdomains: checked === true })}
          />
          <div className={layout.row}>
            <Button type="submit" size="small" disabledFocusable={change.isPending || wish.domain.trim() === ""}>
              {text.addDomain}
            </Button>
            <Button size="small" appearance="subtle" onClick={() => setWish(null)}>
              {text.cancel}
            </Button>
          </div>
        </form>
      ) : null}
    </>
  );
}

function useDomains(organizationId: string, done: () => void) {
  const ask = useAsk();
  const queries = useQueryClient();
  const path = `/organizations/${organizationId}/domains`;
  return useAct<{ add: Wish } | { remove: string }, OrganizationDetail>({
    run: (change, key) =>
      "add" in change
        ? ask.change(path, OrganizationDetail, { method: "POST", key, body: change.add })
        : ask.change(`${path}/${encodeURIComponent(change.remove)}`, OrganizationDetail, { method: "DELETE", key }),
    after: (detail) => {
      queries.setQueryData(["organization", organizationId], detail);
      done();
    },
  });
}
