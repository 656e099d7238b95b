/** @jsxRuntime automatic */
import type { SentTicketView } from "../contract.ts";
import { ErrorSummary, Field, FilesField, type FormErrors, type KeptFile } from "../Form.tsx";
import { Page, type Surroundings } from "../Page.tsx";
import { wordsIn } from "../text/index.ts";
import { Sent } from "./Entry.tsx";

export type NewTicketForm = {
  onceKey: string;
  subject: string;
  text: string;
  kept: readonly KeptFile[];
  errors: FormErrors;
};

/** Writing a new request. */
export function NewTicketPage({ form, around }: { form: NewTicketForm; around: Surroundings }) {
  const words = wordsIn(around.language);
  return (
    <Page title={words.write.title} around={around}>
      <p className="back">
        <a href="/">{words.back}</a>
      </p>
      <h1>{words.write.title}</h1>
      <ErrorSummary errors={form.errors} words={words} />
      <form
        className="sheet"
        method="post"
        action="/tickets"
        encType="multipart/form-data"
        data-wait={words.write.wait}
      >
        <input type="hidden" name="onceKey" value={form.onceKey} />
        <Field name="subject" label={words.write.subject} hint={words.write.subjectHint} error={form.errors.subject}>
          {(tied) => <input type="text" required maxLength={200} defaultValue={form.subject} {...tied} />}
        </Field>
        <Field name="text" label={words.write.text} hint={words.write.textHint} error={form.errors.text}>
          {(tied) => <textarea rows={9} required maxLength={50_000} defaultValue={form.text} {...tied} />}
        </Field>
        <FilesField kept={form.kept} error={form.errors.files} words={words} />
        <button type="submit">{words.write.send}</button>
      </form>
    </Page>
  );
}

/** A new ticket on its way to its number. */
export function SentTicketPage({
  view,
  timeZone,
  around,
}: {
  view: SentTicketView;
  timeZone: string;
  around: Surroundings;
}) {
  const words = wordsIn(around.language);
  return (
    <Page title={words.write.sentTitle} around={around}>
      <div className="ticket" data-awaits-number="">
        <header className="ticket-head">
          <p className="number">{words.write.sentTitle}</p>
          <h1>{view.sent.subject}</h1>
          <p role="status">{words.write.sentNext}</p>
        </header>
        <h2 className="unseen">{words.ticket.conversation}</h2>
        <ol className="entries">
          <Sent sent={view.sent} reader={{ language: around.language, timeZone }} />
        </ol>
        <p>
          <a className="button second" href="/">
            {words.write.toList}
          </a>
        </p>
      </div>
    </Page>
  );
}
