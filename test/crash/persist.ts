import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";

export type Answer = { status: number; headers: Headers; text: string; body: unknown };

/** A problem's name stands behind the # of its type. */
const Named = z.object({ type: z.string() });

/** What a client met after which it had to ask again. */
export const met: string[] = [];

/** What a program that means it does: the same request again, with the same key, until somebody answers. Null: nobody did. */
export async function persist(ask: () => Promise<Response>, seconds = 90): Promise<Answer | null> {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    const answer = await once(ask);
    if (answer && answer.status >= 500) met.push(`${answer.status} ${answer.text.slice(0, 200)}`);
    if (answer && !comesAgain(answer)) return answer;
    await pause(200);
  }
  return null;
}

async function once(ask: () => Promise<Response>): Promise<Answer | null> {
  try {
    const response = await ask();
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
  } catch (error) {
    met.push(String(error instanceof Error ? (error.cause ?? error) : error));
    return null;
  }
}

const comesAgain = ({ status, body }: Answer) =>
  status >= 500 || status === 429 || (status === 409 && codeOf(body) === "under_way");

export const codeOf = (body: unknown) => Named.safeParse(body).data?.type.split("#")[1] ?? null;

/** `connection: close`: each request meets whichever process is there. */
export const send = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { ...headersOf(init), connection: "close" }, signal: AbortSignal.timeout(15_000) });

const headersOf = ({ headers }: RequestInit) => Object.fromEntries(new Headers(headers));
