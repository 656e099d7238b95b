/** What the people do while processes die. Each act has choices of its own, made from the seed. */
import { createHash, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import type { z } from "zod";
import { TicketView as PortalTicket, SentTicketView } from "../../portal/contract.ts";
import { OpenMail } from "../../server/desk/contract/mails.ts";
import { EntryView, Opened } from "../../server/desk/contract/tickets.ts";
import { type Agent, agentOf, type Customer, customerOf, mailsTo } from "./people.ts";
import { type Answer, codeOf } from "./persist.ts";
import { type Random, randomFrom } from "./random.ts";
import type { Story, Words } from "./story.ts";
import { everyMail, support, type World } from "./world.ts";

type Mail = { words: Words; mailbox: string; internetMessageId: string };
type Ticket = { number: number; customer: string };

/** What can be acted on. Who takes something from a list has it for himself. */
export type Scene = {
  world: World;
  story: Story;
  agents: [Agent, Agent];
  customers: Customer[];
  unconverted: Mail[];
  tickets: Ticket[];
  replies: { words: Words; ticket: Ticket; entryId: string }[];
  notes: { words: Words; ticket: Ticket; entryId: string }[];
  smtp: ReturnType<typeof createTransport>;
};

export async function openScene(world: World, story: Story): Promise<Scene> {
  const agents: Scene["agents"] = [agentOf(world, "anna@deskhatch.test"), agentOf(world, "ben@deskhatch.test")];
  const customers = await Promise.all(world.customers.map((address) => customerOf(world, agents[1], address)));
  const smtp = createTransport({ host: "127.0.0.1", port: world.sandbox.smtpPort, ignoreTLS: true });
  return { world, story, agents, customers, unconverted: [], tickets: [], replies: [], notes: [], smtp };
}

type Act = (scene: Scene, random: Random) => Promise<unknown>;

/** The order is that of a day at the desk; each stands as often as it is likely. */
const acts: Act[] = [
  ...[writeMail, writeMail, writeMail, writeMail],
  ...[convert, convert, convert],
  ...[note, note],
  ...[reply, reply, reply, reply],
  ...[replyAndTakeBack],
  ...[retract],
  ...[releaseNote],
  ...[answerByMail, answerByMail, answerByMail],
  ...[answerInPortal, answerInPortal],
  ...[openInPortal],
  ...[lookAround, lookAround],
];

/** `number` of the act: with the same seed it chooses the same. */
export async function actOnce(scene: Scene, seed: string, number: number) {
  const random = randomFrom(seed, "act", number);
  await random.pick(acts)(scene, random);
}

// ---------------------------------------------------------------- customers, by mail

async function writeMail(scene: Scene, random: Random) {
  const { story } = scene;
  const { address } = random.pick(scene.customers);
  const mailboxes = random.pick([[support], [support], [everyMail], [support, everyMail]]);
  const words = story.write("a mail", address, { mailboxes });
  const internetMessageId = await deliver(scene, random, words, { to: mailboxes, subject: words.text });
  const opensByItself = mailboxes.length === 1 && mailboxes[0] === everyMail;
  story.tell(words, `delivered to ${mailboxes.join(" and ")}`, opensByItself ? { desk: "once" } : {});
  const mail = { words, mailbox: mailboxes[0] ?? support, internetMessageId };
  if (opensByItself) await learnTicket(scene, mail);
  else scene.unconverted.push(mail);
}

/** To a reply that is in the customer's mailbox. */
async function answerByMail(scene: Scene, random: Random) {
  const { story, world } = scene;
  const answered = scene.replies.length ? scene.replies[random.below(scene.replies.length)] : undefined;
  if (!answered) return writeMail(scene, random);
  const { customer } = answered.words;
  const mail = (await mailsTo(world, customer)).find(({ words }) => words.includes(answered.words.sign));
  if (!mail) return writeMail(scene, random);
  const words = story.write("a mail in answer", customer, { mailboxes: [support] });
  const thread = { inReplyTo: mail.messageId, references: mail.messageId };
  await deliver(scene, random, words, { to: [mail.replyTo || support], subject: `Re: ${words.text}`, ...thread });
  story.tell(words, "delivered", { desk: "once", ticket: answered.ticket.number });
}

type Envelope = { to: string[]; subject: string; inReplyTo?: string; references?: string };

async function deliver({ smtp }: Scene, random: Random, words: Words, envelope: Envelope): Promise<string> {
  const messageId = `<${words.sign}.${randomUUID()}@${words.customer.split("@")[1]}>`;
  const attachments = random.chance(0.35) ? [aFile(words, random)] : [];
  await smtp.sendMail({ from: words.customer, text: words.text, messageId, attachments, ...envelope });
  words.internetMessageId = messageId;
  return messageId;
}

/** Bytes that nobody has seen before, up to 60 kB. */
function aFile(words: Words, random: Random) {
  const line = `${words.sign} ${random.below(2 ** 31)}\n`;
  const content = Buffer.from(line.repeat(1 + random.below(3000)));
  const filename = `${words.sign}.txt`;
  words.files.push({ name: filename, sha256: hashOf(content) });
  return { filename, content };
}

export const hashOf = (content: Buffer) => createHash("sha256").update(content).digest("hex");

// ---------------------------------------------------------------- agents

async function convert(scene: Scene, random: Random) {
  const mail = takeAny(random, scene.unconverted);
  if (!mail) return writeMail(scene, random);
  const agent = random.pick(scene.agents);
  const known = await learn(agent, mail);
  if (known?.state !== "known") return void scene.unconverted.push(mail);
  const { messageId, ticket, proposal } = known.mail;
  if (ticket) return rememberTicket(scene, mail, ticket.number);
  const { requesterId, subject, team, priority, attachmentIds } = proposal;
  const wish = { messageId, requester: { contactId: requesterId }, subject, team, priority, attachmentIds };
  const answer = await agent.ask("POST", "/tickets", wish);
  if (answer && answer.status < 300) rememberTicket(scene, mail, Opened.parse(answer.body).ticket.number);
  else if (isDone(answer)) await learnTicket(scene, mail);
  else complain(scene, "converting a mail", answer);
}

/** Asks until the desk has the mail, or says where it is. */
async function learn({ ask }: Agent, { mailbox, internetMessageId }: Mail): Promise<z.infer<typeof OpenMail> | null> {
  const query = new URLSearchParams({ mailbox, internetMessageId });
  for (let tries = 0; tries < 100; tries++) {
    const answer = await ask("GET", `/mails/open?${query}`);
    const known = OpenMail.safeParse(answer?.body).data;
    if (known?.state === "known") return known;
    await pause(300);
  }
  return null;
}

async function learnTicket(scene: Scene, mail: Mail) {
  const known = await learn(scene.agents[0], mail);
  if (known?.state === "known" && known.mail.ticket) rememberTicket(scene, mail, known.mail.ticket.number);
}

function rememberTicket(scene: Scene, { words }: Mail, number: number) {
  scene.story.tell(words, `on ticket #${number}`, { desk: "once", ticket: number });
  scene.tickets.push({ number, customer: words.customer });
}

async function note(scene: Scene, random: Random) {
  const ticket = anyTicket(scene, random);
  if (!ticket) return convert(scene, random);
  const words = scene.story.write("a note", ticket.customer, { ticket: ticket.number, portal: "never" });
  const answer = await random.pick(scene.agents).ask("POST", `/tickets/${ticket.number}/notes`, { html: html(words) });
  const entry = written(scene, words, answer, { desk: "once" });
  if (entry) scene.notes.push({ words, ticket, entryId: entry.id });
}

async function reply(scene: Scene, random: Random) {
  const written = await writeReply(scene, random);
  if (written) scene.replies.push(written);
}

async function writeReply(scene: Scene, random: Random) {
  const ticket = anyTicket(scene, random);
  if (!ticket) return void (await convert(scene, random));
  const words = scene.story.write("a reply", ticket.customer, { ticket: ticket.number, mailed: "at most once" });
  const wish = { html: html(words) };
  const answer = await random.pick(scene.agents).ask("POST", `/tickets/${ticket.number}/replies`, wish);
  const entry = written(scene, words, answer, { desk: "once", portal: "once", mailed: "once" });
  return entry ? { words, ticket, entryId: entry.id } : undefined;
}

async function replyAndTakeBack(scene: Scene, random: Random) {
  const reply = await writeReply(scene, random);
  if (!reply) return;
  const { words, ticket, entryId } = reply;
  const promised = { desk: words.desk, portal: words.portal, mailed: words.mailed };
  scene.story.tell(words, "asked to take it back", inDoubt);
  const answer = await random.pick(scene.agents).ask("DELETE", `/tickets/${ticket.number}/replies/${entryId}`);
  const isGone = (answer && answer.status < 300) || isDone(answer);
  if (isGone) scene.story.tell(words, "taken back", { desk: "never", portal: "never", mailed: "never" });
  else if (codeOf(answer?.body) === "too_late") scene.story.tell(words, "too late to take it back", promised);
  else complain(scene, `taking back ${words.sign}`, answer);
}

const inDoubt = { desk: "at most once", portal: "at most once", mailed: "at most once" } as const;

async function retract(scene: Scene, random: Random) {
  const reply = takeAny(random, scene.replies);
  if (!reply) return note(scene, random);
  const { words, ticket, entryId } = reply;
  scene.story.tell(words, "asked to retract it", { portal: "at most once", mailed: "at most once" });
  const path = `/tickets/${ticket.number}/entries/${entryId}/releases`;
  const answer = await random.pick(scene.agents).ask("DELETE", path);
  if ((answer && answer.status < 300) || isDone(answer)) scene.story.tell(words, "retracted", { portal: "never" });
  else complain(scene, `retracting ${words.sign}`, answer);
}

async function releaseNote(scene: Scene, random: Random) {
  const note = takeAny(random, scene.notes);
  if (!note) return lookAround(scene, random);
  const { words, ticket, entryId } = note;
  scene.story.tell(words, "asked to release it", { portal: "at most once" });
  const path = `/tickets/${ticket.number}/entries/${entryId}/releases`;
  const answer = await random.pick(scene.agents).ask("POST", path, {});
  if ((answer && answer.status < 300) || isDone(answer)) scene.story.tell(words, "released", { portal: "once" });
  else complain(scene, `releasing ${words.sign}`, answer);
}

/** What an answer to something written promises. */
function written(scene: Scene, words: Words, answer: Answer | null, promised: Partial<Words>) {
  if (answer && answer.status < 300) {
    scene.story.tell(words, "acknowledged", promised);
    return EntryView.parse(answer.body);
  }
  if (isDone(answer)) scene.story.tell(words, "done, as the second answer says", promised);
  else complain(scene, `writing ${words.sign}`, answer);
  return null;
}

/** The desk did it and died before it answered. */
const isDone = (answer: Answer | null) => codeOf(answer?.body) === "done_already";

// ---------------------------------------------------------------- customers, in the portal

async function answerInPortal(scene: Scene, random: Random) {
  const customer = random.pick(scene.customers);
  const ticket = await someTicketOf(customer, scene, random);
  if (!ticket) return openInPortal(scene, random);
  const words = scene.story.write("an answer in the portal", customer.address, { ticket: ticket.number });
  const form = formOf(words, random, {});
  const answer = await customer.post(`/tickets/${ticket.number}/messages`, form);
  if (answer?.status === 303) scene.story.tell(words, "acknowledged", { desk: "once", portal: "once" });
  else complain(scene, `answering with ${words.sign}`, answer);
}

async function openInPortal(scene: Scene, random: Random) {
  const customer = random.pick(scene.customers);
  const words = scene.story.write("a new request in the portal", customer.address);
  const answer = await customer.post("/tickets", formOf(words, random, { subject: words.text }));
  if (answer?.status !== 303) return complain(scene, `opening with ${words.sign}`, answer);
  scene.story.tell(words, "acknowledged", { desk: "once", portal: "once" });
  for (let tries = 0; tries < 100; tries++) {
    const sent = await customer.get(answer.headers.get("location") ?? "");
    const { number } = SentTicketView.safeParse(sent?.body).data ?? { number: null };
    if (number !== null) {
      scene.story.tell(words, `on ticket #${number}`, { ticket: number });
      return void scene.tickets.push({ number, customer: customer.address });
    }
    await pause(300);
  }
}

/** The same form however often it is sent. */
function formOf(words: Words, random: Random, fields: Record<string, string>): () => FormData {
  const file = random.chance(0.3) ? aFile(words, random) : null;
  const onceKey = randomUUID();
  return () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ onceKey, text: words.text, ...fields })) form.set(name, value);
    if (file) form.set("files", new Blob([file.content], { type: "text/plain" }), file.filename);
    return form;
  };
}

async function someTicketOf({ address, get }: Customer, { tickets }: Scene, random: Random): Promise<Ticket | null> {
  const own = tickets.filter(({ customer }) => customer === address);
  const ticket = own[random.below(own.length)];
  const answer = ticket && (await get(`/tickets/${ticket.number}`));
  return answer?.status === 200 ? (ticket ?? null) : null;
}

/** A customer opens a request, and must not find what is forbidden before and after. */
async function lookAround(scene: Scene, random: Random) {
  const customer = random.pick(scene.customers);
  const before = forbidden(scene);
  const ticket = await someTicketOf(customer, scene, random);
  if (!ticket) return;
  const answer = await customer.get(`/tickets/${ticket.number}`);
  const after = new Set(forbidden(scene));
  if (answer?.status !== 200) return;
  const shown = JSON.stringify(PortalTicket.parse(answer.body));
  for (const words of before)
    if (after.has(words) && shown.includes(words.sign))
      scene.story.seen.push(`${words.sign} (${words.text}) was in the portal although it must not be.`);
}

const forbidden = ({ story }: Scene) => story.words().filter(({ portal }) => portal === "never");

// ---------------------------------------------------------------- choosing

const html = ({ text }: Words) => `<p>${text}</p>`;

function anyTicket({ tickets }: Scene, random: Random): Ticket | undefined {
  // Mostly one of the latest: that is where people are busy at the same time.
  const latest = random.chance(0.7) ? tickets.slice(-6) : tickets;
  return latest[random.below(latest.length)];
}

const takeAny = <Thing>(random: Random, things: Thing[]): Thing | undefined =>
  things.splice(random.below(things.length), 1)[0];

/** Nobody answered for a minute and a half, or something that people do every day was refused. */
function complain({ story }: Scene, what: string, answer: Answer | null) {
  story.seen.push(
    answer ? `${what} was answered ${answer.status}: ${answer.text.slice(0, 300)}` : `${what}: no answer.`,
  );
}
