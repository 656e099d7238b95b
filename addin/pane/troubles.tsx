import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons/svg/dismiss";
import { useEffect, useState } from "react";
import { z } from "zod";
import type { Me } from "../../server/desk/contract/people.ts";
import { useText } from "../text/text.tsx";
import { troublesText } from "../text/troubles.ts";

const useStyles = makeStyles({
  bars: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalS,
    overflowWrap: "anywhere",
  },
});

/** Soon no mail can be kept: agents should know, too. */
const concernsEverybody = 90;

/** What keeps mails or contacts from arriving or going out, and what to do; what agents can do nothing about, only to others. */
export function Troubles({ me }: { me: Me }) {
  const styles = useStyles();
  const text = useText(troublesText);
  const forAgents = me.agent.role === "agent";
  const crms = forAgents ? [] : me.crms.map(({ id, trouble }) => ({ name: id, trouble }));
  const smtp = forAgents || !me.smtpTrouble ? [] : [{ sentence: me.smtpTrouble, title: text.smtpTrouble }];
  const disks = me.fullDisks.filter(({ usedPercent }) => !forAgents || usedPercent >= concernsEverybody);
  const mailboxes = me.mailboxes.map(({ address, trouble }) => ({
    name: address,
    trouble: trouble && text.said(trouble),
  }));
  const troubles = [
    ...bySentence(mailboxes).map(({ sentence, names }) => ({
      sentence,
      title: (names.length > 1 ? text.mailboxesTrouble : text.mailboxTrouble)(names.join(", ")),
    })),
    ...bySentence(crms).map(({ sentence, names }) => ({ sentence, title: text.crmTrouble(names.join(", ")) })),
    ...smtp,
    ...disks.map(({ store, usedPercent }) => ({ title: text.diskFills(usedPercent), sentence: text.makeRoom[store] })),
  ];
  const { isPutAway, putAway } = usePutAway(troubles.map(({ title, sentence }) => `${title}: ${sentence}`));
  const shown = troubles.filter(({ title, sentence }) => !isPutAway(`${title}: ${sentence}`));
  if (shown.length === 0) return null;

  return (
    <section aria-label={text.troubles} className={styles.bars}>
      {shown.map(({ title, sentence }) => (
        <MessageBar key={title + sentence} intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{title}</MessageBarTitle> {sentence}
          </MessageBarBody>
          <MessageBarActions
            containerAction={
              <Button
                appearance="transparent"
                icon={<DismissRegular />}
                aria-label={text.putAway(title)}
                onClick={() => putAway(`${title}: ${sentence}`)}
              />
            }
          />
        </MessageBar>
      ))}
    </section>
  );
}

/** One cause often concerns all mailboxes: it is said once. */
const bySentence = (all: { name: string; trouble: string | null }[]) =>
  [...new Set(all.flatMap(({ trouble }) => trouble ?? []))].map((sentence) => ({
    sentence,
    names: all.filter(({ trouble }) => trouble === sentence).map(({ name }) => name),
  }));

const name = "deskhatch.troubles";
const Away = z.array(z.string()).catch([]);

/**
 * What somebody has read stays away until the tab is closed, though Outlook may draw the pane anew for every mail; what went
 * and came back is said again.
 */
function usePutAway(present: string[]) {
  const [away, setAway] = useState(() => Away.parse(JSON.parse(sessionStorage.getItem(name) ?? "[]")));
  const still = away.filter((each) => present.includes(each));
  useEffect(() => {
    if (still.length < away.length) setAway(still);
    sessionStorage.setItem(name, JSON.stringify(still));
  });
  return { isPutAway: (what: string) => still.includes(what), putAway: (what: string) => setAway([...still, what]) };
}
