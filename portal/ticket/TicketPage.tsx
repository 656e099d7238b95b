/** @jsxRuntime automatic */
import type { TicketView } from "../contract.ts";
import { ErrorSummary, Field, FilesField, type FormErrors, type KeptFile } from "../Form.tsx";
import { Page, type Surroundings } from "../Page.tsx";
import { type Words, wordsIn } from "../text/index.ts";
import { Ticket } from "./Ticket.tsx";

export type AnswerForm = { onceKey: string; text: string; kept: readonly KeptFile[]; errors: FormErrors };

/** A customer's own ticket: read it, answer it, close it. */
export function TicketPage(props: {
  ticket: TicketView;
  form: AnswerForm;
  /** An answer was sent just now. */
  answered?: boolean;
  timeZone: string;
  around: Surroundings;
}) {
  const { ticket, form, answered = false, around } = props;
  const words = wordsIn(around.language);
  return (
    <Page title={`#${ticket.number} ${ticket.subject}`} around={around}>
      <p className="back">
        <a href="/">{words.back}</a>
        {ticket.continuedIn === null ? (
          <a className="jump" href="#text">
            {words.ticket.toAnswer}
          </a>
        ) : null}
      </p>
      <p id="news" className="unseen" role="status" data-words={words.ticket.news} />
      {answered ? (
        <p className="notice" role="status">
          {words.ticket.answered}
        </p>
      ) : null}
      <ErrorSummary errors={form.errors} words={words} />
      <Ticket ticket={ticket} reader={{ language: around.language, timeZone: props.timeZone }}>
        {ticket.continuedIn === null ? (
          <>
            <Answer ticket={ticket} form={form} words={words} />
            <div id="closing">
              {ticket.open ? <Close ticket={ticket} onceKey={form.onceKey} words={words} /> : null}
            </div>
          </>
        ) : (
          <p className="continued">
            <a className="button" href={`/tickets/${ticket.continuedIn}`}>
              {words.ticket.openContinued(ticket.continuedIn)}
            </a>
          </p>
        )}
      </Ticket>
    </Page>
  );
}

function Answer({ ticket, form, words }: { ticket: TicketView; form: AnswerForm; words: Words }) {
  return (
    <form
      className="sheet answer"
      method="post"
      action={`/tickets/${ticket.number}/messages`}
      encType="multipart/form-data"
      data-wait={words.write.wait}
    >
      <input type="hidden" name="onceKey" value={form.onceKey} />
      <div id="reopening">{ticket.open ? null : <p className="notice">{words.ticket.reopens}</p>}</div>
      <Field name="text" label={words.ticket.answer} hint={words.ticket.answerHint} error={form.errors.text}>
        {(tied) => <textarea rows={6} required maxLength={50_000} defaultValue={form.text} {...tied} />}
      </Field>
      <FilesField kept={form.kept} error={form.errors.files} words={words} />
      <button type="submit">{words.ticket.send}</button>
    </form>
  );
}

function Close({ ticket, onceKey, words }: { ticket: TicketView; onceKey: string; words: Words }) {
  return (
    <form className="close" method="post" action={`/tickets/${ticket.number}/closure`}>
      <input type="hidden" name="onceKey" value={`${onceKey}-close`} />
      <p>{words.ticket.closeHint}</p>
      <button type="submit" className="second">
        {words.ticket.close}
      </button>
    </form>
  );
}
