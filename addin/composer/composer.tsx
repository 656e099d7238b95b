import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  mergeClasses,
  Select,
  tokens,
} from "@fluentui/react-components";
import { EyeFilled } from "@fluentui/react-icons/svg/eye";
import { LockClosedFilled } from "@fluentui/react-icons/svg/lock-closed";
import { lazy, useRef, useState } from "react";
import { mailSizeMb } from "../../server/desk/contract/mails.ts";
import { EntryView, Status, type TicketView } from "../../server/desk/contract/tickets.ts";
import { CustomerPage } from "../customer-view/customer-page.tsx";
import { useAct } from "../desk/act.ts";
import { DeskProblem } from "../desk/ask.ts";
import { useAsk, useMyself, useRefreshTicket } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { Labelled } from "../pane/labelled.tsx";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { type ComposerText, composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";
import { useVisibility } from "../ticket/visibility.ts";
import { Audience } from "./audience.tsx";
import { type Draft, emptyDraft, isAddressed, useDraft } from "./draft.ts";
import { Editor } from "./editor.tsx";
import { GracePeriods } from "./grace.tsx";
import { Recipients } from "./recipients.tsx";
import { AttachedFiles, AttachTool, useUploads } from "./uploads.tsx";

// Not with the first paint: few answers are mails of their own.
const NewMailForm = lazy(async () => ({ default: (await import("./new-mail.tsx")).NewMailForm }));

const useStyles = makeStyles({
  body: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalS,
    minWidth: 0,
  },
  send: { alignSelf: "stretch" },
});

/** The place to write. What it is for stands at its top, on its edge and on its button, and it is internal until somebody says otherwise. */
export function Composer({ ticket }: { ticket: TicketView }) {
  const layout = useLayout();
  const styles = useStyles();
  const visibility = useVisibility();
  const text = useText(composerText);
  const { agent, mailSizeMb: most } = useMyself();
  const [draft, setDraft] = useDraft(agent.id, ticket.number);
  const [replaced, setReplaced] = useState(0);
  const [previewing, setPreviewing] = useState(false);
  const { names: uploading, upload } = useUploads((file) => change((now) => ({ files: [...now.files, file] })));
  const replace = (next: Draft) => {
    setDraft(next);
    setReplaced(replaced + 1);
  };
  const send = useSend(ticket, () => replace(emptyDraft));
  const [touched, touch] = useState(false);

  const change = (changes: Partial<Draft> | ((now: Draft) => Partial<Draft>)) =>
    setDraft((now) => ({ ...now, ...(typeof changes === "function" ? changes(now) : changes) }));

  const toCustomer = draft.audience === "customer";
  // Until somebody writes it takes one line, so that what happened last stays in sight.
  const open = touched || toCustomer || draft.html !== "" || draft.files.length > 0;
  const { name } = ticket.contact;
  const tooLarge = toCustomer && mailSizeMb(draft.files) > most;
  const ready = draft.html !== "" && uploading.length === 0 && !send.isPending && !tooLarge && isAddressed(draft);
  const submit = () => {
    if (ready) send.mutate(draft);
  };

  return (
    <>
      <section aria-label={text.compose} className={layout.section}>
        <div className={toCustomer ? visibility.customerCard : visibility.internalCard}>
          <Audience side={draft.audience} choose={(audience) => change({ audience, newMail: null })} />
          <div className={styles.body}>
            {open ? (
              <p className={mergeClasses(layout.quiet, visibility.strong)}>{readersOf(draft, ticket, text)}</p>
            ) : null}
            {open ? (
              <Part>
                <NewMailForm ticket={ticket} draft={draft} change={change} />
              </Part>
            ) : null}
            {toCustomer && !draft.newMail ? (
              <Recipients ticket={ticket} cc={draft.cc} choose={(cc) => change({ cc })} />
            ) : null}
            <Editor
              html={draft.html}
              replaced={replaced}
              label={draft.newMail ? text.newMailLabel : toCustomer ? text.replyLabel(name) : text.noteLabel}
              placeholder={toCustomer ? text.replyPlaceholder(name) : draft.newMail ? "" : text.notePlaceholder}
              onChange={(html) => change({ html })}
              onFocus={() => touch(true)}
              onSubmit={submit}
              tools={open ? <AttachTool upload={upload} /> : null}
            />
            <AttachedFiles
              files={draft.files}
              uploading={uploading}
              remove={(id) => change((now) => ({ files: now.files.filter((file) => file.id !== id) }))}
            />
            {tooLarge ? (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{text.mailTooLarge(Math.ceil(mailSizeMb(draft.files)), most)}</MessageBarBody>
              </MessageBar>
            ) : null}
            {toCustomer ? <ForCustomer ticket={ticket} draft={draft} change={change} /> : null}
            {send.isError ? <Refusal error={send.error} /> : null}
            {open ? (
              <Button
                className={mergeClasses(
                  styles.send,
                  toCustomer ? visibility.customerButton : visibility.internalButton,
                )}
                icon={toCustomer ? <EyeFilled /> : <LockClosedFilled />}
                disabledFocusable={!ready}
                onClick={submit}
              >
                {buttonOf(draft, name, text)}
              </Button>
            ) : null}
            {toCustomer ? (
              <Button size="small" disabledFocusable={draft.html === ""} onClick={() => setPreviewing(true)}>
                {text.preview}
              </Button>
            ) : null}
          </div>
        </div>
        {previewing ? (
          <CustomerPage
            ticket={ticket}
            preview={{ html: draft.html, attachmentIds: draft.files.map(({ id }) => id) }}
            close={() => setPreviewing(false)}
          />
        ) : null}
      </section>
      {/* Beside the section, not in it: what sticks to the edge leaves with the box around it. */}
      <GracePeriods ticket={ticket} takenBack={(words) => replace(joined(words, draft))} />
    </>
  );
}

/** What only a reply has: whether the history goes below it, and what the ticket's status is afterwards. */
function ForCustomer({
  ticket,
  draft,
  change,
}: {
  ticket: TicketView;
  draft: Draft;
  change: (changes: Partial<Draft>) => void;
}) {
  const layout = useLayout();
  const text = useText(composerText);
  return (
    <>
      {historyOf(ticket) && !draft.newMail ? (
        <label className={layout.row}>
          <input
            type="checkbox"
            checked={draft.withHistory}
            onChange={({ target }) => change({ withHistory: target.checked })}
          />
          {text.quote}
        </label>
      ) : null}
      <Labelled label={text.thenStatus}>
        <Select
          size="small"
          value={draft.thenStatus ?? ""}
          onChange={(_, { value }) => change({ thenStatus: value ? Status.parse(value) : null })}
        >
          <option value="">{text.keepStatus}</option>
          {Status.options
            .filter((status) => status !== "new" && status !== ticket.status)
            .map((status) => (
              <option key={status} value={status}>
                {text.statuses[status]}
              </option>
            ))}
        </Select>
      </Labelled>
    </>
  );
}

/** The newest entry that this customer has seen; only what was released of it can be quoted. */
const historyOf = ({ entries, number }: TicketView) =>
  entries.findLast(
    ({ kind, visibility, shownOn }) =>
      visibility.to === "customer" &&
      (shownOn ?? number) === number &&
      ["mail_received", "reply", "portal_message"].includes(kind),
  );

/** Who will read it, said before it is sent. */
function readersOf(draft: Draft, ticket: TicketView, text: ComposerText) {
  const chosen = draft.newMail?.to.map(({ name }) => name).join(", ");
  if (draft.audience === "customer")
    return text.everybodyReads(chosen ?? [ticket.contact.name, ...namesOfCc(draft, ticket)].join(", "));
  if (draft.newMail) return chosen ? text.theyReadToo(chosen) : text.chooseWhom;
  return text.onlyTeam;
}

function buttonOf({ audience, newMail }: Draft, requester: string, text: ComposerText) {
  const names = newMail?.to.map(({ name }) => name).join(", ");
  if (audience === "customer") return text.sendReply(names || requester);
  return newMail ? text.sendInternal(names || "…") : text.addNote;
}

const namesOfCc = ({ cc }: Draft, { participants }: TicketView) =>
  participants.filter(({ addresses }) => addresses.some((address) => cc.includes(address))).map(({ name }) => name);

/** Words that come back stand before what was written since. */
const joined = (back: Draft, since: Draft): Draft => ({
  ...back,
  html: back.html + since.html,
  files: [...back.files, ...since.files],
});

function useSend(ticket: TicketView, clear: () => void) {
  const text = useText(composerText);
  const ask = useAsk();
  const refresh = useRefreshTicket();
  const seen = useSeen(ticket);
  return useAct<Draft, EntryView>({
    run: async (draft, key) => {
      const { audience, html, files, cc, withHistory, thenStatus, newMail } = draft;
      const attachmentIds = files.map(({ id }) => id);
      const post = (what: "notes" | "replies" | "new-mails", body: object) =>
        ask.change(`/tickets/${ticket.number}/${what}`, EntryView, { method: "POST", key, body });
      if (audience === "internal" && !newMail) return post("notes", { html, attachmentIds });

      const then = audience === "customer" && { thenStatus: thenStatus ?? ticket.status };
      const mail = { html, attachmentIds, ...then, seenReplyId: seen.when(draft) };
      const quoteEntryId = withHistory ? (historyOf(ticket)?.id ?? null) : null;
      try {
        if (!newMail) return await post("replies", { ...mail, cc, quoteEntryId });
        const toContactIds = newMail.to.map(({ id }) => id);
        return await post("new-mails", { ...mail, audience, subject: newMail.subject, toContactIds });
      } catch (error) {
        // A colleague was faster: the reply comes on screen, and the same words may follow it.
        if (error instanceof DeskProblem && error.code === "reply_crossed") {
          seen.forget();
          await refresh(ticket.number);
        }
        throw error;
      }
    },
    done: ({ kind }) => (kind === "note" ? text.noteAdded : null),
    after: () => {
      clear();
      return refresh(ticket.number);
    },
  });
}

/** The newest reply on screen when these words were first sent; repeated after a lost answer, the request is the same. */
function useSeen({ entries, olderCursor }: TicketView) {
  const first = useRef<{ draft: string; replyId: string | null | undefined } | null>(null);
  return {
    when: (draft: Draft) => {
      const words = JSON.stringify(draft);
      // Their ids tell the order in which replies were written; of a long ticket only its end is on screen.
      const newest = entries
        .flatMap(({ id, kind }) => (kind === "reply" ? id : []))
        .sort()
        .at(-1);
      const replyId = newest ?? (olderCursor ? undefined : null);
      if (first.current?.draft !== words) first.current = { draft: words, replyId };
      return first.current.replyId;
    },
    forget: () => {
      first.current = null;
    },
  };
}
