/** Many requests about one mailbox for the price of one: https://learn.microsoft.com/graph/json-batching. */
import { z } from "zod";
import { type Ask, readTrouble } from "./ask.ts";
import { GraphTrouble, isTrouble, unreadable } from "./trouble.ts";

/** All of one method, and such that the same again does no harm. */
type Part = { path: string; body?: unknown; headers?: Record<string, string> };

const mostInABatch = 20;
/** The status of those that waited for one that failed. */
const notReached = 424;

const Answer = z.object({
  id: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.unknown(),
});
type Answer = z.output<typeof Answer>;
const Batch = z.object({ responses: z.array(Answer) });

/** Troubles of the one mail that was asked about. */
const ofTheMail = ["gone", "changed", "refused"] as const;
/** These may be, too, of a mail that Exchange denies or cannot open; when the next one meets them as well, they are the mailbox's. */
const perhapsOfTheMail = ["forbidden", "unreachable"] as const;

const isOfTheMailbox = (trouble: GraphTrouble, before: unknown) =>
  isTrouble(trouble, ...perhapsOfTheMail) ? isTrouble(before, ...perhapsOfTheMail) : !isTrouble(trouble, ...ofTheMail);

/**
 * Answers each part with its body or with its trouble, in their order. Graph makes one at a time of them, each waiting for
 * the one before, so that together they sit on one of the mailbox's four seats (see seats.ts).
 */
export async function inTurn(ask: Ask, mailbox: string, method: "GET" | "PATCH", parts: Part[]) {
  const said: (unknown | GraphTrouble)[] = [];
  const next = () => parts.slice(said.length, said.length + mostInABatch);
  const wish = {
    ...({ mailbox, matter: method === "GET" ? "reading" : "writing", method: "post", path: "/$batch" } as const),
    body: () => ({ requests: next().map((part, at) => requestOf(method, part, at)) }),
    repeatable: true,
  };
  try {
    while (said.length < parts.length)
      await ask.read(wish, (answer) => {
        for (const each of reached(answer, next().length)) {
          if (each instanceof GraphTrouble && isOfTheMailbox(each, said.at(-1))) throw each;
          said.push(each);
        }
      });
    return said;
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return [...said, ...parts.slice(said.length).map(() => error)];
  }
}

const requestOf = (method: string, { path, body, headers }: Part, at: number) => ({
  id: String(at),
  method,
  url: path,
  headers: {
    Prefer: 'IdType="ImmutableId"',
    ...(body !== undefined && { "Content-Type": "application/json" }),
    ...headers,
  },
  body,
  ...(at > 0 && { dependsOn: [String(at - 1)] }),
});

/** The answers as far as it came: one that fails ends the batch. */
function reached(answer: unknown, count: number): (unknown | GraphTrouble)[] {
  const batch = Batch.safeParse(answer);
  if (!batch.success) throw unreadable(batch.error);
  const answers = new Map(batch.data.responses.map((each) => [each.id, each]));
  const inOrder = Array.from({ length: count }, (_, at) => answers.get(String(at)));
  const end = inOrder.findIndex((each) => each === undefined || each.status === notReached);
  if (end === 0) throw unreadable();
  return inOrder.slice(0, end === -1 ? count : end).map((each) => readAnswer(each as Answer));
}

function readAnswer({ status, headers, body }: Answer): unknown | GraphTrouble {
  if (status < 400) return body;
  const [, retryAfter = null] = Object.entries(headers ?? {}).find(([name]) => /^retry-after$/i.test(name)) ?? [];
  return readTrouble(status, body, retryAfter);
}
