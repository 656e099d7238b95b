import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { OrganizationDetail, OrganizationMerger, type OrganizationView } from "../../server/desk/contract/people.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useAskAnewOfPeople, useFindOrganizations, useOrganization } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { SearchList } from "../pane/search-list.tsx";
import { peopleText } from "../text/people.ts";
import { useText } from "../text/text.tsx";
import { ConfirmMerger } from "./confirm-merger.tsx";
import { Domains } from "./domains.tsx";
import { Merged } from "./merged.tsx";

// A company is something else than the person above it.
const useStyles = makeStyles({ company: { paddingTop: tokens.spacingVerticalS } });

type Props = { organization: OrganizationView; changed: () => Promise<void> };

/** A contact's organization: its domains, what turned out to be the same company, and the way to say so. */
export function Company({ organization, decides, changed }: Props & { decides: boolean }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText(peopleText);
  const [merging, setMerging] = useState(false);
  const about = useOrganization(organization.id);
  if (about.isError) return <Refusal error={about.error} />;
  if (!about.data) return null;
  return (
    <section className={mergeClasses(layout.section, styles.company)} aria-label={organization.name}>
      <h2 className={layout.heading}>{organization.name}</h2>
      <Domains detail={about.data} decides={decides} />
      <Merged
        path="organizations"
        merged={about.data.merged}
        says={text.mergedOrganization}
        decides={decides}
        undone={changed}
      />
      {decides && !merging ? (
        <div>
          <Button size="small" onClick={() => setMerging(true)}>
            {text.sameCompany}
          </Button>
        </div>
      ) : null}
      {merging ? <SameCompany organization={organization} changed={changed} close={() => setMerging(false)} /> : null}
    </section>
  );
}

function SameCompany({ organization, changed, close }: Props & { close: () => void }) {
  const layout = useLayout();
  const text = useText(peopleText);
  const [into, choose] = useState<OrganizationView | null>(null);
  if (into) return <Confirm {...{ organization, into, changed }} cancel={() => choose(null)} />;
  return (
    <SearchList
      label={text.sameCompanyAs(organization.name)}
      hint={text.searchOrganization}
      nothing={text.noOrganizationFound}
      useFound={useFindOrganizations}
      leaveOut={({ id }) => id === organization.id}
      row={(found) => (
        <li key={found.id} className={layout.pair}>
          <span className={layout.grow}>{found.name}</span>
          <Button size="small" aria-label={`${text.choose}: ${found.name}`} onClick={() => choose(found)}>
            {text.choose}
          </Button>
        </li>
      )}
    >
      <Button size="small" appearance="subtle" onClick={close}>
        {text.cancel}
      </Button>
    </SearchList>
  );
}

function Confirm({ organization, into, changed, cancel }: Props & { into: OrganizationView; cancel: () => void }) {
  const text = useText(peopleText);
  const ask = useAsk();
  const askAnew = useAskAnewOfPeople();
  const path = `/organizations/${organization.id}/merger`;
  const preview = useQuery({
    queryKey: ["organization-merger", organization.id, into.id],
    queryFn: ({ signal }) => ask.read(`${path}?intoId=${into.id}`, OrganizationMerger, signal),
    staleTime: 0,
  });
  const merge = useAct<void, OrganizationDetail>({
    run: (_, key) => ask.change(path, OrganizationDetail, { method: "POST", key, body: { intoId: into.id } }),
    done: () => text.organizationsMerged(organization.name, into.name),
    after: async () => {
      await changed();
      await askAnew();
    },
  });
  return (
    <ConfirmMerger
      sentence={preview.data ? text.organizationMerger(preview.data) : null}
      error={preview.error ?? merge.error}
      yes={text.isSameCompany(into.name)}
      busy={merge.isPending}
      merge={() => merge.mutate()}
      cancel={cancel}
    />
  );
}
