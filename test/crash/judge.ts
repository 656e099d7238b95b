/** What is found at the end: the desk as an agent reads it, the portal as customers see it, and the mails that were delivered. */
import type { z } from "zod";
import { TicketView as PortalTicket, TicketListView } from "../../portal/contract.ts";
import { HeldMails } from "../../server/desk/contract/held.ts";
import { OpenMail } from "../../server/desk/contract/mails.ts";
import { EntryPage, type EntryView, TicketList, TicketView } from "../../server/desk/contract/tickets.ts";
import { hashOf, type Scene } from "./acts.ts";
import { type Agent, type Customer, mailsTo } from "./people.ts";
import type { Story, Times, Words } from "./story.ts";

type Place = "desk" | "portal" | "mailed";
type File = { name: string; fetch: () => Promise<Buffer | null> };
/** Somewhere words were found. `where`: a ticket, a mail. */
type Text = { html: string; where: string; number: number | null; files: File[]; isUnderWay?: boolean };
type Found = Record<Place, Map<string, Text[]>>;

export type Finding = { kind: "held" | "lost" | "doubled" | "shown" | "changed"; words: Words; sentence: string };

export async function judge({ world, story, agents, customers }: Scene): Promise<Finding[]> {
  const found: Found = {
    desk: bySign(await readDesk(agents[0])),
    portal: bySign((await Promise.all(customers.map(readPortal))).flat()),
    mailed: bySign((await Promise.all(customers.map(({ address }) => readMails(world, address)))).flat()),
  };
  const tray = await readTray(agents[0]);
  const findings = story
    .words()
    .map(async (words) => [
      ...(tray.has(words.sign) ? [heldBack(words)] : count(words, found)),
      ...place(words, found.desk.get(words.sign) ?? []),
      ...(tray.has(words.sign) ? [] : await kept(agents[0], words)),
      ...(await whole(words, found)),
      ...told(words, found.desk.get(words.sign) ?? []),
    ]);
  return (await Promise.all(findings)).flat();
}

const signs = /sign\d{5}/g;

function bySign(texts: Text[]): Map<string, Text[]> {
  const map = new Map<string, Text[]>();
  for (const text of texts)
    for (const sign of new Set(text.html.match(signs))) map.set(sign, [...(map.get(sign) ?? []), text]);
  return map;
}

async function readDesk(agent: Agent): Promise<Text[]> {
  const texts: Text[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const list: z.infer<typeof TicketList> = TicketList.parse(
      await body(agent.ask("GET", `/tickets${cursor && `?cursor=${cursor}`}`)),
    );
    for (const { number } of list.tickets) texts.push(...(await readTicket(agent, number)));
    cursor = list.nextCursor;
  }
  return texts;
}

async function readTicket(agent: Agent, number: number): Promise<Text[]> {
  const ticket = TicketView.parse(await body(agent.ask("GET", `/tickets/${number}`)));
  const entries: EntryView[] = [...ticket.entries];
  for (let cursor = ticket.olderCursor; cursor !== null; ) {
    const page: z.infer<typeof EntryPage> = EntryPage.parse(
      await body(agent.ask("GET", `/tickets/${number}/entries?before=${cursor}`)),
    );
    entries.push(...page.entries);
    cursor = page.olderCursor;
  }
  return entries.map(({ html, files, sending }) => ({
    ...{ html, where: `ticket #${number}`, number, isUnderWay: sending !== null && sending.state !== "sent" },
    files: files.map(({ id, name }) => ({ name, fetch: () => agent.bytes(`/attachments/${id}`) })),
  }));
}

async function readPortal(customer: Customer): Promise<Text[]> {
  const texts: Text[] = [];
  for (const show of ["open", "closed"]) {
    for (let after: string | null = ""; after !== null; ) {
      const path: string = `/?show=${show}${after && `&after=${after}`}`;
      const list: TicketListView = TicketListView.parse(await body(customer.get(path)));
      for (const { number } of list.tickets) texts.push(...(await readShown(customer, number)));
      texts.push(
        ...list.sent.map(({ text }) => ({ html: text, where: "a request on its way", number: null, files: [] })),
      );
      after = list.next;
    }
  }
  return texts;
}

async function readShown(customer: Customer, number: number): Promise<Text[]> {
  const { entries, sent } = PortalTicket.parse(await body(customer.get(`/tickets/${number}`)));
  const where = `the portal's #${number}`;
  return [
    ...entries.map(({ html, files }) => ({
      ...{ html, where, number },
      files: files.map(({ id, name }) => ({ name, fetch: () => customer.bytes(`/files/${id}`) })),
    })),
    ...sent.map(({ text }) => ({ html: text, where: `${where} (on its way)`, number, files: [] })),
  ];
}

const readMails = async (world: Scene["world"], address: string): Promise<Text[]> =>
  (await mailsTo(world, address)).map(({ id, words }) => ({
    ...{ html: words, where: `mail ${id} to ${address}`, number: null, files: [] },
  }));

/** Mails that were put before the agents: at each of them somebody died again and again. */
async function readTray(agent: Agent): Promise<Set<string>> {
  const held = new Set<string>();
  for (let cursor: string | null = ""; cursor !== null; ) {
    const path: string = `/held-mails${cursor && `?cursor=${cursor}`}`;
    const { mails, nextCursor }: HeldMails = HeldMails.parse(await body(agent.ask("GET", path)));
    for (const { messageId } of mails) {
      const raw = messageId && (await agent.bytes(`/mails/${messageId}/original`));
      for (const sign of String(raw ?? "").match(signs) ?? []) held.add(sign);
    }
    cursor = nextCursor;
  }
  return held;
}

const heldBack = (words: Words): Finding => ({
  ...{ kind: "held" as const, words },
  sentence: `${words.sign} waits in the agents' tray`,
});

async function body(answer: ReturnType<Agent["ask"]>): Promise<unknown> {
  const given = await answer;
  if (given?.status !== 200) throw new Error(`The judge was answered ${given?.status}: ${given?.text.slice(0, 200)}`);
  return given.body;
}

// ---------------------------------------------------------------- what is wrong

const limits: Record<Times, [least: number, most: number]> = { once: [1, 1], "at most once": [0, 1], never: [0, 0] };
const places: Record<Place, string> = { desk: "on the desk", portal: "in the portal", mailed: "in the mails" };

function count(words: Words, found: Found): Finding[] {
  return (Object.keys(places) as Place[]).flatMap((place) => {
    const texts = found[place].get(words.sign) ?? [];
    const [least, most] = limits[words[place]];
    if (texts.length >= least && texts.length <= most) return [];
    const kind = texts.length < least ? "lost" : most === 0 ? "shown" : "doubled";
    const where = texts.map((text) => text.where).join(", ") || "nowhere";
    const sentence = `${words.sign} must be ${places[place]} ${words[place]}, and is ${texts.length} times: ${where}`;
    return [{ kind, words, sentence } as const];
  });
}

function place(words: Words, texts: Text[]): Finding[] {
  const astray = texts.filter(({ number }) => words.ticket !== null && number !== words.ticket);
  return astray.map(({ where }) => ({
    ...{ kind: "changed" as const, words },
    sentence: `${words.sign} belongs on ticket #${words.ticket} and is on ${where}`,
  }));
}

/** What was mailed is found in Sent Items in the end, and said to be sent. */
function told(words: Words, texts: Text[]): Finding[] {
  if (words.mailed !== "once" || !texts.some(({ isUnderWay }) => isUnderWay)) return [];
  return [{ kind: "changed", words, sentence: `${words.sign} is not said to be sent` }];
}

/** A mail that no ticket came of is kept, in each mailbox that it was sent to. */
async function kept(agent: Agent, words: Words): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const mailbox of words.mailboxes) {
    const internetMessageId = words.internetMessageId;
    if (!internetMessageId) continue;
    const answer = await agent.ask("GET", `/mails/open?${new URLSearchParams({ mailbox, internetMessageId })}`);
    const known = OpenMail.safeParse(answer?.body).data?.state === "known";
    if (!known)
      findings.push({ kind: "lost", words, sentence: `${words.sign} in ${mailbox} is not known to the desk` });
  }
  return findings;
}

async function whole(words: Words, found: Found): Promise<Finding[]> {
  const texts = textsOf(found, words);
  const findings: Finding[] = [];
  for (const { html, where } of texts)
    if (!html.includes(words.text))
      findings.push({ kind: "changed", words, sentence: `${words.sign} has other words in ${where}` });
  for (const { sha256, name } of words.files)
    for (const { files, where, number } of texts) {
      if (number === null) continue;
      const file = files.find((each) => each.name === name);
      const content = await file?.fetch();
      if (!content || hashOf(content) !== sha256)
        findings.push({
          kind: "changed",
          words,
          sentence: `${name} is ${content ? "damaged" : "missing"} in ${where}`,
        });
    }
  return findings;
}

const textsOf = (found: Found, { sign }: Words) => Object.values(found).flatMap((map) => map.get(sign) ?? []);

/** The shortest useful story of a finding: what happened to these words, and who died near it. */
export function tell({ sentence, words, kind }: Finding, { kills }: Story): string {
  const near = (at: number) => words.happened.some((event) => Math.abs(event.at - at) < 4000);
  const lines = [
    ...words.happened.map(({ at, what }) => ({ at, line: what })),
    ...kills
      .filter(({ at }) => near(at))
      .map(({ at, who, moment }) => ({ at, line: `† ${who.join(", ")}: ${moment}` })),
  ];
  const told = lines
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, line }) => `    ${(at / 1000).toFixed(1)} s  ${line}`);
  return [`${kind}: ${sentence}`, ...told].join("\n");
}
