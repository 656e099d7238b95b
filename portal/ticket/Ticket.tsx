/** @jsxRuntime automatic */
import type { ReactNode } from "react";
import type { TicketView } from "../contract.ts";
import { wordsIn } from "../text/index.ts";
import { Entry, Sent } from "./Entry.tsx";
import type { FileUrl } from "./html.ts";
import { Status } from "./Status.tsx";
import { type Reader, Time } from "./Time.tsx";

export type TicketProps = {
  ticket: TicketView;
  reader: Reader;
  /** Where files are fetched; the portal's own address unless said otherwise. */
  fileUrl?: FileUrl;
  /** What can be done with the ticket: the forms below the conversation. */
  children?: ReactNode;
};

const portalFileUrl: FileUrl = (file) => `/files/${file.id}`;

/** A ticket as its customer sees it. The portal's page and the pane's preview are this component. */
export function Ticket({ ticket, reader, fileUrl = portalFileUrl, children }: TicketProps) {
  const words = wordsIn(reader.language);
  return (
    <div className="ticket" lang={reader.language}>
      <header className="ticket-head">
        <p className="number">{words.ticket.number(ticket.number)}</p>
        <h1>{ticket.subject}</h1>
        {ticket.continuedIn === null ? (
          <p className="state">
            <Status status={ticket.status} words={words} turn />
          </p>
        ) : (
          <p className="notice">{words.ticket.continued(ticket.continuedIn)}</p>
        )}
        <p className="facts">
          {words.ticket.opened(ticket.requesterName)}, <Time at={ticket.createdAt} reader={reader} />
          {ticket.closedAt ? (
            <>
              {" · "}
              {words.ticket.closedOn} <Time at={ticket.closedAt} reader={reader} />
            </>
          ) : null}
        </p>
      </header>
      <Conversation ticket={ticket} reader={reader} fileUrl={fileUrl} />
      {children}
    </div>
  );
}

function Conversation({ ticket, reader, fileUrl }: { ticket: TicketView; reader: Reader; fileUrl: FileUrl }) {
  const words = wordsIn(reader.language);
  const empty = ticket.entries.length + ticket.sent.length === 0;
  return (
    <section className="conversation" id="conversation" aria-labelledby="conversation-title">
      <h2 id="conversation-title" className="unseen">
        {words.ticket.conversation}
      </h2>
      {empty ? (
        <div className="empty">
          <p>{words.ticket.noEntries}</p>
          <p>{words.ticket.noEntriesNext}</p>
        </div>
      ) : (
        <ol className="entries">
          {ticket.entries.map((entry) => (
            <Entry key={entry.id} entry={entry} reader={reader} fileUrl={fileUrl} />
          ))}
          {ticket.sent.map((sent) => (
            <Sent key={sent.id} sent={sent} reader={reader} />
          ))}
        </ol>
      )}
    </section>
  );
}
