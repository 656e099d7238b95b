import { setTimeout as wait } from "node:timers/promises";
import type { NextFunction, Request, Response } from "express";
import { z } from "zod";
import { faultBody } from "./dataverse/problem.ts";

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/**
 * One line of the fault script: when a request matches, something goes wrong with it.
 * `nth` counts the matching requests from the moment the fault is added.
 */
export const Fault = z.strictObject({
  when: z.strictObject({
    /** "NOTIFY" matches the notifications that Graph itself sends; their path is the address. */
    method: z.string().optional(),
    /** A regular expression for path and query. */
    pathPattern: z.string().refine(isPattern, "is not a regular expression").optional(),
    nth: z.int().positive().default(1),
    times: z.int().positive().default(1),
  }),
  /** A status is answered without any effect; effectThen… happens after the effect was made. "hold" never answers, "truncate" half; of "stall" (mails) the other half never comes. */
  do: z.union([
    z.string().regex(/^[45]\d\d$/),
    z.enum([
      "drop",
      "hold",
      "delay",
      "effectThenDrop",
      "effectThenHold",
      "effectThenError",
      "duplicate",
      "lose",
      "truncate",
      "stall",
    ]),
  ]),
  retryAfter: z.number().optional(),
  delayMs: z.number().default(1000),
});
export type Fault = z.infer<typeof Fault>;

type Waiting = { fault: Fault; seen: number };

/** `port`: of the connection by which it was asked; it leads to the process. */
export type Done = { fault: Fault; path: string; port?: number | undefined };

export type Faults = ReturnType<typeof faultScript>;

export function faultScript() {
  let script: Waiting[] = [];
  const done: Done[] = [];

  /** The first fault that this request sets off. Every match counts, also for those that wait for a later one. */
  function next(method: string, path: string, port?: number): Fault | null {
    let found: Fault | null = null;
    for (const waiting of script) {
      const { when } = waiting.fault;
      if (!matches(when, method, path)) continue;
      waiting.seen++;
      const due = waiting.seen >= when.nth && waiting.seen < when.nth + when.times;
      if (due && !found) found = waiting.fault;
    }
    script = script.filter(({ fault: { when }, seen }) => seen < when.nth + when.times - 1);
    if (found) done.push({ fault: found, path, port });
    return found;
  }

  return {
    add: (fault: z.input<typeof Fault>) => void script.push({ fault: Fault.parse(fault), seen: 0 }),
    clear: () => {
      script = [];
    },
    waiting: () => script.map(({ fault }) => fault),
    /** What went wrong so far, and where. */
    done: () => [...done],
    next,
    middleware,
  };

  async function middleware(request: Request, response: Response, proceed: NextFunction) {
    const fault = next(request.method, readable(request.originalUrl), request.socket.remotePort);
    if (!fault) return proceed();
    if (fault.do === "drop") return void request.socket.destroy();
    if (fault.do === "hold") return;
    if (fault.do === "delay") {
      await wait(fault.delayMs);
      return proceed();
    }
    if (/^\d+$/.test(fault.do)) return answer(response, Number(fault.do), fault.retryAfter);
    response.locals.fault = fault;
    proceed();
  }
}

/** Patterns are written as people read addresses: messages('AAMk…'), $value. */
function readable(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

const matches = (when: Fault["when"], method: string, path: string) =>
  (!when.method || when.method.toUpperCase() === method) &&
  (!when.pathPattern || new RegExp(when.pathPattern).test(path));

/** The codes that Graph uses with these statuses (concepts/errors, concepts/throttling, delta-query-overview). */
const codes: Record<number, [code: string, message: string]> = {
  404: ["ErrorItemNotFound", "The specified object was not found in the store."],
  410: ["SyncStateNotFound", "The sync state generation is not found."],
  429: ["TooManyRequests", "Please retry again later."],
  500: ["InternalServerError", "The server could not complete the request."],
  503: ["ServiceUnavailable", "The service is temporarily unavailable."],
  504: ["GatewayTimeout", "The request took too long."],
};

const dataversePath = "/api/data/";

export function answer(response: Response, status: number, retryAfter?: number) {
  const [code, message] = codes[status] ?? ["UnknownError", "An error happened, as the fault script wanted."];
  const seconds = retryAfter ?? (status === 429 ? 10 : undefined);
  if (seconds !== undefined) response.set("Retry-After", String(seconds));
  if (status === 410) response.set("Location", `https://${response.req.headers.host}${response.req.path}?$deltatoken=`);
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    "request-id": "fault",
    "client-request-id": "fault",
  };
  if (response.req.originalUrl.startsWith(dataversePath)) return void response.status(status).json(faultBody(status));
  response.status(status).json({ error: { code, message, innerError } });
}
