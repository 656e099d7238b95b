/** @jsxRuntime automatic */
import type { TicketView } from "../contract.ts";
import { Page, type Surroundings } from "../Page.tsx";
import { wordsIn } from "../text/index.ts";
import { Ticket } from "./Ticket.tsx";

/** A ticket read through its secure link. Writing asks for a code first. */
export function LinkedTicketPage(props: {
  ticket: TicketView;
  linkId: string;
  /** The recipient's address, mostly hidden: whoever holds the link need not learn it. */
  maskedAddress: string;
  timeZone: string;
  around: Surroundings;
}) {
  const { ticket, linkId, around } = props;
  const words = wordsIn(around.language);
  return (
    <Page title={`#${ticket.number} ${ticket.subject}`} around={around}>
      <p className="notice">{words.link.reading}</p>
      <Ticket
        ticket={ticket}
        reader={{ language: around.language, timeZone: props.timeZone }}
        fileUrl={(file) => `/link/${linkId}/files/${file.id}`}
      >
        <form className="sheet" method="post" action={`/link/${linkId}/code`}>
          <h2>{words.link.answer}</h2>
          <p>{words.link.answerHint(props.maskedAddress)}</p>
          <button type="submit">{words.link.askForCode}</button>
        </form>
      </Ticket>
    </Page>
  );
}
