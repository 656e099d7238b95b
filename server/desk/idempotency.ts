/**
 * A request that changes something may carry an Idempotency-Key: sent again, it is answered again and not done again.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
import { createHash } from "node:crypto";
import type { Request } from "express";
import type { Prisma } from "../../prisma/generated/desk/client.ts";
import type { Endpoint } from "../platform/endpoint.ts";
import { conflict, problem } from "../platform/problems.ts";
import type { AgentContext } from "./context.ts";
import { type DeskTransaction, leaving } from "./database.ts";
import type { Verb } from "./route.ts";

type Keyed = AgentContext & { onceKey: string | null };

/** How far a request with a key has come; from 200 on, it is the status of the answer that is kept. */
const begun = 0;
const done = 1;

/** A request that has been under way for longer is taken for dead with its process. If it lives, it does nothing any more. */
const deadAfter = 10_000;

export function onceKeyOf(req: Request): string | null {
  const key = req.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || !/^[\x21-\x7e]{8,200}$/.test(key))
    throw problem(400, "invalid_key", "Idempotency-Key holds 8 to 200 signs without blanks, such as a UUID.");
  return key;
}

/** The verb, run once for each key of each agent. `route` is part of what must be the same. */
// biome-ignore lint/suspicious/noExplicitAny: as in Verb.
export function once(route: string, verb: Verb): Endpoint<any, any, Keyed> {
  /** Requests of this process that are under way: the second waits for the first. */
  const underWay = new Map<string, { hash: string; answer: Promise<unknown> }>();

  return {
    ...verb,
    run: async (input, { onceKey: key, ...context }) => {
      if (key === null) return verb.run(input, context);
      const hash = hashOf([route, input, context.version]);
      const name = `${context.agent.id} ${key}`;
      const first = underWay.get(name);
      if (first && first.hash !== hash) throw otherRequest();
      if (first) return first.answer;

      const answer = answerOnce(verb, input, context, { agentId: context.agent.id, key, hash }).finally(() =>
        underWay.delete(name),
      );
      underWay.set(name, { hash, answer });
      return answer;
    },
  };
}

type Claim = { agentId: string; key: string; hash: string };

async function answerOnce(verb: Verb, input: unknown, context: AgentContext, claim: Claim): Promise<unknown> {
  const where = { agentId_key: { agentId: claim.agentId, key: claim.key } };
  const begunAt = new Date();
  const kept = await begin(context, claim, begunAt);
  if (kept) return kept.body;

  const ours = { ...where.agentId_key, status: { in: [begun, done] }, at: begunAt };
  // Written with the effect itself: after a crash we know that it is done, even if nobody heard the answer.
  const markDone = async (tx: DeskTransaction) => {
    const { count } = await tx.idempotentAnswer.updateMany({ where: ours, data: { status: done } });
    if (count === 0) throw underWay();
  };
  try {
    const answer = await leaving(markDone, () => verb.run(input, context));
    const body = JSON.parse(JSON.stringify(answer)) as Prisma.InputJsonValue;
    await context.desk.idempotentAnswer.update({ where, data: { status: verb.status, body } });
    return answer;
  } catch (error) {
    // Nothing was done, so the same request may be tried again.
    await context.desk.idempotentAnswer.deleteMany({ where: { ...ours, status: begun } });
    throw error;
  }
}

/** Claims the key, or says what was answered under it before. The primary key decides who is first. */
async function begin({ desk }: AgentContext, { agentId, key, hash }: Claim, at: Date) {
  const claim = { agentId, key, requestHash: hash, status: begun, body: {}, at };
  const { count } = await desk.idempotentAnswer.createMany({ data: [claim], skipDuplicates: true });
  if (count === 1) return null;

  const before = await desk.idempotentAnswer.findUnique({ where: { agentId_key: { agentId, key } } });
  if (before && before.requestHash !== hash) throw otherRequest();
  if (before && before.status >= 200) return { body: before.body };
  if (before?.status === done)
    throw conflict("done_already", "This was done, but its answer got lost. Look at the ticket again.");
  const dead = new Date(Date.now() - deadAfter);
  const taken = await desk.idempotentAnswer.updateMany({
    where: { agentId, key, status: begun, at: { lt: dead } },
    data: { at },
  });
  if (taken.count === 1) return null;
  throw underWay();
}

const underWay = () =>
  problem(409, "under_way", "The same request is still under way. Try again in a second.", {}, { "Retry-After": "1" });

const otherRequest = () =>
  problem(422, "key_used", "This Idempotency-Key was used for another request. Make a new key for each act.");

const hashOf = (request: unknown) => createHash("sha256").update(JSON.stringify(request)).digest("hex");
