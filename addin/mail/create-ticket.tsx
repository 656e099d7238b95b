import { Button, Checkbox, Field, Input, makeStyles, Select, tokens } from "@fluentui/react-components";
import { ChevronDownRegular } from "@fluentui/react-icons/svg/chevron-down";
import { ChevronRightRegular } from "@fluentui/react-icons/svg/chevron-right";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { MailView } from "../../server/desk/contract/mails.ts";
import { Opened, Priority } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useKeepTicket, useMyself } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useDrawnFor } from "../pane/shown.tsx";
import { newTicketText } from "../text/new-ticket.ts";
import { useText } from "../text/text.tsx";
import { fileSize } from "../ticket/file-size.ts";
import { AlsoOnIt, participantsOf } from "./also-on-it.tsx";
import { isOf, isSender, type Requester, wishFor } from "./requester.ts";

const useStyles = makeStyles({
  fold: { justifyContent: "flex-start", paddingInline: 0, fontWeight: tokens.fontWeightRegular, textAlign: "start" },
  files: { border: 0, margin: 0, padding: 0 },
});

/** One click for the usual case; everything that the click will do is folded beneath it. */
export function CreateTicket({ mail, requester }: { mail: MailView; requester: Requester }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText(newTicketText);
  const { teams } = useMyself();
  const [wish, setWish] = useState(() => ({ ...mail.proposal }));
  const [also, setAlso] = useState<string[]>([]);
  const [folded, setFolded] = useState(true);
  const details = useId();
  const create = useCreateTicket(mail);
  // Whoever borrows a name gets no button that looks like its owner's.
  const doubtful = mail.sender.authenticated !== "pass" && isSender(requester, mail);

  const others = mail.alsoAddressed.filter(({ address }) => !isOf(requester, address.address));
  const files = mail.attachments.filter(({ inline }) => !inline);
  const taken = files.filter(({ id }) => wish.attachmentIds.includes(id)).length;
  const take = (id: string, take: boolean) =>
    setWish({
      ...wish,
      attachmentIds: take ? [...wish.attachmentIds, id] : wish.attachmentIds.filter((each) => each !== id),
    });

  return (
    <section className={layout.section} aria-label={text.createTicket}>
      <Button
        appearance={doubtful ? "secondary" : "primary"}
        size="large"
        disabledFocusable={create.isPending || wish.subject.trim() === ""}
        onClick={() => create.mutate({ ...wish, requester, participants: participantsOf(others, also) })}
      >
        {create.isPending
          ? text.creating
          : doubtful
            ? text.createTicketUnproven(requester.contact.name, mail.sender.address.address)
            : text.createTicketFor(requester.contact.name)}
      </Button>
      {create.isError ? <Refusal error={create.error} /> : null}
      <AlsoOnIt people={others} taken={also} take={setAlso} />
      <Button
        appearance="transparent"
        className={styles.fold}
        icon={folded ? <ChevronRightRegular /> : <ChevronDownRegular />}
        aria-expanded={!folded}
        aria-controls={details}
        onClick={() => setFolded(!folded)}
      >
        {[
          text.details,
          wish.team ?? text.noTeam,
          text.priorities[wish.priority],
          text.takenFiles(taken, files.length),
        ].join(" · ")}
      </Button>
      <div id={details} hidden={folded} className={folded ? undefined : layout.section}>
        <Field label={text.subject}>
          <Input
            value={wish.subject}
            maxLength={500}
            onChange={(_, { value }) => setWish({ ...wish, subject: value })}
          />
        </Field>
        <div className={layout.columns}>
          <Field label={text.team}>
            <Select value={wish.team ?? ""} onChange={(_, { value }) => setWish({ ...wish, team: value || null })}>
              <option value="">{text.noTeam}</option>
              {[...new Set([...teams, ...(wish.team ? [wish.team] : [])])].map((team) => (
                <option key={team}>{team}</option>
              ))}
            </Select>
          </Field>
          <Field label={text.priority}>
            <Select
              value={wish.priority}
              onChange={(_, { value }) => setWish({ ...wish, priority: Priority.parse(value) })}
            >
              {Priority.options.map((priority) => (
                <option key={priority} value={priority}>
                  {text.priorities[priority]}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        {files.length > 0 ? (
          <fieldset className={styles.files}>
            <legend className={layout.quiet}>{text.takeFiles}</legend>
            {files.map(({ id, name, size }) => (
              <Checkbox
                key={id}
                label={`${name} (${fileSize(size)})`}
                checked={wish.attachmentIds.includes(id)}
                onChange={(_, { checked }) => take(id, checked === true)}
              />
            ))}
          </fieldset>
        ) : null}
      </div>
    </section>
  );
}

type Wish = Omit<MailView["proposal"], "requesterId"> & {
  requester: Requester;
  participants: ReturnType<typeof participantsOf>;
};

/** Safe to click twice: the desk makes one ticket of one mail and says who was first. */
function useCreateTicket(mail: MailView) {
  const text = useText(newTicketText);
  const ask = useAsk();
  const keep = useKeepTicket();
  const queries = useQueryClient();
  const drawnFor = useDrawnFor();
  return useAct<Wish, Opened>({
    run: ({ requester, participants, ...wish }, key) =>
      ask.change("/tickets", Opened, {
        method: "POST",
        key,
        body: {
          messageId: mail.messageId,
          requester: wishFor(requester),
          ...(participants.length > 0 && { participants }),
          subject: wish.subject,
          team: wish.team,
          priority: wish.priority,
          attachmentIds: wish.attachmentIds,
        },
      }),
    done: ({ ticket, sentence }) => sentence ?? text.ticketCreated(ticket.number),
    after: ({ ticket }) => {
      keep(ticket);
      return queries.invalidateQueries({ queryKey: ["mail", drawnFor.key] });
    },
  });
}
