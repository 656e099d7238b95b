/**
 * Graph tells us that something happened in a mailbox. A notice is written down with the job it causes, and then
 * answered; nothing is done about it in the request. Graph calls an answer after 2.9 s slow and drops who is slow often
 * (https://learn.microsoft.com/graph/change-notifications-delivery-webhooks).
 */
import { timingSafeEqual } from "node:crypto";
import express, { type Request, type Response, Router } from "express";
import { z } from "zod";
import { log } from "../../platform/log.ts";
import { problem } from "../../platform/problems.ts";
import type { DeskContext } from "../context.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { together } from "./together.ts";

/** A post of a few hundred notices is below this. */
const largestPost = "1mb";
const mostNotices = 1000;

/** Posts are written together: one that the database cannot hold would take everybody else's with it. */
const plain = z.string().regex(/^[\x20-\x7e]*$/);

const Notice = z.object({
  subscriptionId: plain.max(200),
  clientState: plain.max(128),
  changeType: plain.max(100).optional(),
  lifecycleEvent: z.enum(["missed", "subscriptionRemoved", "reauthorizationRequired"]).optional(),
});
type Notice = z.infer<typeof Notice>;

const Notices = z.object({ value: z.array(z.unknown()).max(mostNotices) });

/** Where Graph posts. Before the routes of the agents: Graph brings no token of ours, but a secret per mailbox. */
export function noticeRoutes(context: DeskContext): Router {
  const keep = together((posts: Notice[][]) => keepGenuine(context, posts.flat()));
  const receive = (req: Request, res: Response) => receiveNotices(keep, req, res);
  const json = express.json({ limit: largestPost, type: () => true });
  return Router()
    .post(["/api/graph/notices", "/api/graph/lifecycle"], handshake, json, receive)
    .all(["/api/graph/notices", "/api/graph/lifecycle"], (_req, res) => void res.set("Allow", "POST").sendStatus(405));
}

/** Graph asks whether we are there, and wants its words back as plain text. They never become a page. */
function handshake(req: Request, res: Response, next: () => void) {
  const { validationToken } = req.query;
  if (validationToken === undefined) return next();
  const harmless = typeof validationToken === "string" && /^[^<>"'`\p{Cc}]{1,2048}$/u.test(validationToken);
  if (!harmless) throw problem(400, "validation_token", "This is no validation token of Microsoft Graph.");
  res
    .set({
      "Content-Type": "text/plain; charset=utf-8",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'",
    })
    .send(validationToken);
}

async function receiveNotices(keep: (notices: Notice[]) => Promise<void>, req: Request, res: Response) {
  const body = Notices.safeParse(req.body);
  if (!body.success) throw problem(400, "notices", "This is no collection of notices as Microsoft Graph sends it.");

  const read = body.data.value.map((value) => Notice.safeParse(value)).flatMap(({ data }) => (data ? [data] : []));
  noteRefused(body.data.value.length - read.length);
  if (read.length > 0) await keep(read);
  res.sendStatus(202);
}

/** A notice counts when it brings the secret that we gave to its subscription; the others change nothing and are told nothing. */
async function keepGenuine({ desk, queue }: DeskContext, notices: Notice[]) {
  const mailboxes = await desk.mailbox.findMany({
    where: { subscriptionId: { in: [...new Set(notices.map(({ subscriptionId }) => subscriptionId))] } },
    select: { id: true, subscriptionId: true, clientState: true },
  });
  const known = new Map(mailboxes.map((mailbox) => [mailbox.subscriptionId, mailbox]));
  const genuine = notices.flatMap((notice) => {
    const mailbox = known.get(notice.subscriptionId);
    return mailbox && sameSecret(notice.clientState, mailbox.clientState) ? [{ mailboxId: mailbox.id, notice }] : [];
  });
  noteRefused(notices.length - genuine.length);
  if (genuine.length > 0) await transact(desk, (tx) => writeDown(tx, queue, genuine));
}

function noteRefused(refused: number) {
  if (refused > 0) log.warn({ refused, event: "notices_refused" }, "notices without our secret were ignored");
}

function sameSecret(given: string, expected: string) {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Only what we know ourselves is kept: the mailbox of the subscription, and what kind of thing happened. */
async function writeDown(tx: DeskTransaction, queue: DeskQueue, notices: { mailboxId: string; notice: Notice }[]) {
  await tx.notice.createMany({
    data: notices.map(({ mailboxId, notice: { subscriptionId, lifecycleEvent, changeType } }) => ({
      mailboxId,
      subscriptionId,
      kind: lifecycleEvent ?? changeType ?? "unknown",
      payload: {},
    })),
  });
  for (const { mailboxId, notice } of notices)
    if (notice.lifecycleEvent) await obey(tx, mailboxId, notice.lifecycleEvent);
  if (notices.some(({ notice }) => notice.lifecycleEvent))
    await queue.enqueue(tx, "renew-subscriptions", {}, { key: "all" });
  for (const mailboxId of new Set(notices.map((each) => each.mailboxId)))
    await queue.enqueue(tx, "sync-mailbox", { mailboxId }, { key: mailboxId });
}

/** https://learn.microsoft.com/graph/change-notifications-lifecycle-events */
async function obey(tx: DeskTransaction, mailboxId: string, event: NonNullable<Notice["lifecycleEvent"]>) {
  const data = {
    missed: { deltaLink: null },
    subscriptionRemoved: { subscriptionId: null, subscriptionExpiresAt: null },
    // A renewal also reauthorizes; it is due at once.
    reauthorizationRequired: { subscriptionExpiresAt: new Date() },
  }[event];
  await tx.mailbox.update({ where: { id: mailboxId }, data, select: { id: true } });
}
