/** @jsxRuntime automatic */
import type { SentView, TicketListView, TicketRow } from "../contract.ts";
import { Page, type Surroundings } from "../Page.tsx";
import { type Words, wordsIn } from "../text/index.ts";
import { Status } from "../ticket/Status.tsx";
import { type Reader, Time } from "../ticket/Time.tsx";

type Props = { list: TicketListView; timeZone: string; around: Surroundings };

/** The customer's home: the own tickets. */
export function ListPage({ list, timeZone, around }: Props) {
  const words = wordsIn(around.language);
  const reader = { language: around.language, timeZone };
  const empty = list.tickets.length + list.sent.length === 0;
  return (
    <Page title={words.list.title} around={around}>
      <div className="headline">
        <h1>{words.list.title}</h1>
        <a className="button" href="/tickets/new">
          {words.list.newTicket}
        </a>
      </div>
      <Search list={list} words={words} />
      {list.search ? (
        <p className="found" role="status">
          {words.list.found(list.search)} · <a href="/">{words.list.clearSearch}</a>
        </p>
      ) : (
        <Tabs list={list} words={words} />
      )}
      {empty ? <Empty list={list} words={words} /> : null}
      <ul className="tickets">
        {list.sent.map((sent) => (
          <SentRow key={sent.id} sent={sent} words={words} reader={reader} />
        ))}
        {list.tickets.map((ticket) => (
          <Row key={ticket.number} ticket={ticket} words={words} reader={reader} />
        ))}
      </ul>
      {list.next ? (
        <p className="more">
          <a className="button second" href={`/?${nextQuery(list, list.next)}`}>
            {words.list.more}
          </a>
        </p>
      ) : null}
    </Page>
  );
}

const nextQuery = ({ show, search }: TicketListView, next: string) =>
  new URLSearchParams({ ...(search ? { search } : { show }), after: next }).toString();

function Search({ list, words }: { list: TicketListView; words: Words }) {
  return (
    <search>
      <form className="search" method="get" action="/">
        <label className="unseen" htmlFor="search">
          {words.list.search}
        </label>
        <input
          type="search"
          id="search"
          name="search"
          defaultValue={list.search}
          placeholder={words.list.searchHint}
          maxLength={200}
        />
        <button type="submit" className="second">
          {words.list.doSearch}
        </button>
      </form>
    </search>
  );
}

function Tabs({ list, words }: { list: TicketListView; words: Words }) {
  return (
    <nav className="tabs" aria-label={words.list.which}>
      {(["open", "closed"] as const).map((which) => (
        <a
          key={which}
          href={which === "open" ? "/" : "/?show=closed"}
          aria-current={list.show === which ? "page" : undefined}
        >
          {words.list[which]}
        </a>
      ))}
    </nav>
  );
}

function Row({ ticket, words, reader }: { ticket: TicketRow; words: Words; reader: Reader }) {
  return (
    <li data-open={ticket.open}>
      <a href={`/tickets/${ticket.number}`} className="subject">
        {ticket.subject}
      </a>
      <span className="state">
        {ticket.continuedIn === null ? (
          <Status status={ticket.status} words={words} turn={ticket.open} />
        ) : (
          <span className="status">{words.ticket.continuedIn(ticket.continuedIn)}</span>
        )}
      </span>
      <span className="facts">
        #{ticket.number} · {words.list.updated} <Time at={ticket.updatedAt} reader={reader} />
      </span>
    </li>
  );
}

function SentRow({ sent, words, reader }: { sent: SentView; words: Words; reader: Reader }) {
  return (
    <li className="sent">
      <a href={`/sent/${sent.id}`} className="subject">
        {sent.subject}
      </a>
      <span className="state">
        <span className="status">{words.list.onItsWay}</span>
      </span>
      <span className="facts">
        <Time at={sent.at} reader={reader} />
      </span>
    </li>
  );
}

function Empty({ list, words }: { list: TicketListView; words: Words }) {
  const [what, next] = list.search
    ? [words.list.emptySearch, words.list.emptySearchNext]
    : list.show === "open"
      ? [words.list.emptyOpen, words.list.emptyOpenNext]
      : [words.list.emptyClosed, words.list.emptyClosedNext];
  return (
    <div className="empty">
      <p>{what}</p>
      <p>{next}</p>
    </div>
  );
}
