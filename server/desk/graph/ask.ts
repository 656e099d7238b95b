/** One request to Graph: on a seat, with our token, repeated when that is harmless, and answered in our words. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  AuthenticationHandler,
  Client,
  type Context,
  type Middleware,
  ResponseType,
} from "@microsoft/microsoft-graph-client";
import { z } from "zod";
import type { DeskSettings } from "../../platform/config.ts";
import type { Desk } from "../database.ts";
import { say } from "../say.ts";
import { onlyToGraph, onlyToUploads } from "./links.ts";
import { type Lockouts, type Matter, openLockouts, placeOf, refusesUs, tenant } from "./lockouts.ts";
import { openPauses } from "./pauses.ts";
import { openSeats } from "./seats.ts";
import { openTokens } from "./token.ts";
import { GraphTrouble, isTrouble, troubleOf, unreadable } from "./trouble.ts";

type Place = {
  mailbox: string;
  /** Which permission it needs; when that is missing, others may be there. */
  matter?: Matter;
  /** Whether its answer says that the mailbox as a whole is open or closed to us. */
  looks?: boolean;
};

type Request = Place & {
  method: "get" | "post" | "patch" | "delete" | "put";
  /** Below the version, or a whole link that Graph gave. */
  path: string;
  /** A function is asked at each attempt. */
  body?: unknown | (() => unknown);
  headers?: Record<string, string>;
  /** Whether the same request again does no harm when the answer to the first was lost. Refusals are always repeated. */
  repeatable?: boolean;
};

export type Ask = {
  /** Hands on the answer's bytes as they come: it may be larger than our memory. */
  stream: <Result>(request: Request, take: (chunks: AsyncIterable<Uint8Array>) => Promise<Result>) => Promise<Result>;
  /** `read` may find a trouble in the answer and throw it: the request has failed then, as if Graph had answered that. */
  read: <Result>(request: Request, read: (answer: unknown) => Result) => Promise<Result>;
  json: <Schema extends z.ZodType>(schema: Schema, request: Request) => Promise<z.output<Schema>>;
  /** For requests whose answer says nothing. */
  done: (request: Request) => Promise<void>;
  /** A chunk to an upload address, which is its own authorization: no token goes there. */
  upload: (request: { mailbox: string; url: string; bytes: Uint8Array; range: string }) => Promise<void>;
  /** What an upload address says of how far it came. */
  uploaded: (request: { mailbox: string; url: string }) => Promise<unknown>;
  lockedOut: Lockouts["of"];
  close: () => Promise<void>;
};

const attempts = 4;
/** A job has no time for longer waits: it ends, and its queue starts it again later. */
const longestWait = 15_000;
const answerWithin = 30_000;
/** For the largest mail that Exchange takes (150 MB), at 20 Mbit a second. */
const streamWithin = 60_000;
/** …of which no piece may be longer in coming. */
const silentWithin = 10_000;
/** Who was let in so lately and is denied one mail may still have the others. */
const servedLately = 10 * 60_000;
const isOfMails = ({ matter, looks }: Required<Place>) => !looks && (matter === "reading" || matter === "writing");

export function openAsk(settings: DeskSettings, desk: Desk): Ask {
  const seats = openSeats(settings.DATABASE_URL_DESK);
  const lockouts = openLockouts(desk);
  const pauses = openPauses(desk);
  const tokens = openTokens(settings);
  const authentication = new AuthenticationHandler({ getAccessToken: tokens.get });
  authentication.setNext(network);
  const client = Client.initWithMiddleware({
    baseUrl: `${settings.GRAPH_URL}/`,
    middleware: authentication,
    customHosts: new Set([new URL(settings.GRAPH_URL).hostname]),
  });

  /** When we last were given what we asked for. */
  const served = new Map<string, number>();
  const isServed = (place: Required<Place>) => (served.get(placeOf(place)) ?? 0) > Date.now() - servedLately;

  const once = <Result>(mailbox: string, call: () => Promise<Response>, read: (answer: Response) => Promise<Result>) =>
    seats.sit(mailbox, async () => {
      const until = await pauses.until(mailbox);
      if (until) throw throttledUntil(until);
      // Here, because the client would wrap what goes wrong in an error of its own.
      await tokens.get();
      const response = await call().catch((cause: unknown) => {
        throw noAnswer(cause);
      });
      try {
        // Read while we sit: a slow body counts as a request under way.
        if (response.ok) return await read(response);
        throw readTrouble(response.status, parseJson(await bodyOf(response)), response.headers.get("retry-after"));
      } catch (error) {
        if (isTrouble(error, "unauthorized")) tokens.forget();
        if (isTrouble(error, "throttled") && error.retryAt) await pauses.note(mailbox, error.retryAt);
        throw error;
      }
    });

  const patiently = async <Result>(
    place: Required<Place>,
    repeatable: boolean,
    call: () => Promise<Response>,
    read: (answer: Response) => Promise<Result>,
  ): Promise<Result> => {
    const looking = await lockouts.pass(place);
    // What was refused with this token a minute ago would be refused again.
    if (looking.length > 0) tokens.forget();
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await once(place.mailbox, call, read);
        await lockouts.lift(looking);
        return result;
      } catch (error) {
        const stale =
          attempt === 1 && looking.length === 0 && isTrouble(error, "unauthorized") && error.code !== "token";
        const again =
          stale ||
          isTrouble(error, "throttled") ||
          ((repeatable || notYetAsked(error)) && isTrouble(error, "unreachable"));
        const delay = again ? delayOf(error, attempt) : 0;
        if (again && attempt < attempts && delay <= longestWait) await wait(delay);
        else throw await learned(place, looking, error);
      }
    }
  };

  /** What a refusal says about the next requests; an answer of any other kind says that we are let in. */
  const learned = async (place: Required<Place>, looking: string[], error: unknown): Promise<unknown> => {
    if (isTrouble(error, "unauthorized") && error.code === "token") return lockouts.lock(tenant, error);
    const atGraph = !isTrouble(error, "throttled", "unreachable");
    await lockouts.lift(looking.filter((each) => each === tenant || (atGraph && !refusesUs(error))));
    // An upload's address is its own authorization: when it lets nobody in, others may.
    const ofOneThing =
      place.matter === "uploading" || (isOfMails(place) && isTrouble(error, "forbidden") && isServed(place));
    return refusesUs(error) && !ofOneThing ? lockouts.lock(placeOf(place), error) : error;
  };

  const request = <Result>(wish: Request, read: (answer: Response) => Promise<Result>, within = answerWithin) => {
    const { method, path, body, headers = {}, repeatable = method !== "post" } = wish;
    return patiently(
      wholePlace(wish),
      repeatable,
      () =>
        client
          .api(onlyToGraph(settings.GRAPH_URL, path))
          .headers({ "client-request-id": randomUUID(), Prefer: 'IdType="ImmutableId"', ...headers })
          .options({ signal: AbortSignal.timeout(within) })
          .responseType(ResponseType.RAW)
          [method](typeof body === "function" ? body() : body),
      read,
    );
  };

  /** One thing only: that Graph takes a batch says nothing about what is in it. */
  const single = async <Result>(wish: Request, read: (answer: Response) => Promise<Result>, within?: number) => {
    const result = await request(wish, read, within);
    served.set(placeOf(wholePlace(wish)), Date.now());
    return result;
  };

  return {
    stream: (wish, take) => single(wish, (answer) => take(chunksOf(answer)), streamWithin),
    read: (wish, read) => request(wish, async (answer) => read(parseJson(await bodyOf(answer)))),
    json: (schema, wish) =>
      single(wish, async (answer) => {
        const read = schema.safeParse(parseJson(await bodyOf(answer)));
        if (read.success) return read.data;
        throw unreadable(read.error);
      }),
    done: async (wish) => {
      await single(wish, bodyOf);
    },
    upload: async ({ mailbox, url, bytes: chunk, range }) => {
      await patiently(
        { mailbox, matter: "uploading", looks: false },
        false,
        () =>
          fetch(onlyToUploads(settings.GRAPH_URL, url), {
            redirect: "error",
            method: "PUT",
            headers: { "Content-Range": range, "Content-Type": "application/octet-stream" },
            body: Buffer.from(chunk),
            signal: AbortSignal.timeout(answerWithin),
          }),
        bodyOf,
      );
    },
    uploaded: async ({ mailbox, url }) =>
      parseJson(
        await patiently(
          { mailbox, matter: "uploading", looks: false },
          true,
          () =>
            fetch(onlyToUploads(settings.GRAPH_URL, url), {
              redirect: "error",
              signal: AbortSignal.timeout(answerWithin),
            }),
          bodyOf,
        ),
      ),
    lockedOut: lockouts.of,
    close: seats.close,
  };
}

const wholePlace = ({ mailbox, matter, looks = false, method }: Request): Required<Place> => ({
  mailbox,
  looks,
  matter: matter ?? (method === "get" ? "reading" : "writing"),
});

/** The last of the client's handlers: the network. The client's own retries would repeat a send; Graph's mail redirects nowhere. */
const network: Middleware = {
  execute: async (context: Context) => {
    context.response = await fetch(context.request, { ...context.options, redirect: "error" });
  },
};

const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string().default("") }) });

export function readTrouble(status: number, body: unknown, retryAfter: string | null): GraphTrouble {
  const refusal = Refusal.safeParse(body);
  const { code, message } = refusal.success ? refusal.data.error : { code: String(status), message: "" };
  return troubleOf(status, code, message, retryAtOf(retryAfter));
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    // A gateway's HTML page or half an answer: the schema refuses it.
    return undefined;
  }
}

/** Exchange counts ten minutes. Whoever names days is a gateway that is mistaken, and mails would wait for it. */
const longestRetry = 3600_000;

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAtOf(header: string | null, now = Date.now()): Date | null {
  if (!header) return null;
  const at = /^\d+$/.test(header.trim()) ? now + Number(header) * 1000 : Date.parse(header);
  return Number.isNaN(at) ? null : new Date(Math.min(at, now + longestRetry));
}

/** What Graph asked for, or twice as long each time, with jitter so that processes do not come back together. */
function delayOf(error: unknown, attempt: number) {
  const asked = isTrouble(error) ? error.retryAt : null;
  if (asked) return Math.max(0, asked.getTime() - Date.now()) + Math.random() * 50;
  return 100 * 2 ** attempt * (0.75 + Math.random() / 2);
}

const notYetAsked = (error: unknown) => isTrouble(error) && error.code === "token";

const throttledUntil = (until: Date) => new GraphTrouble("throttled", "paused", say("slow_down"), until);

const noAnswer = (cause: unknown) => new GraphTrouble("unreachable", "network", say("graph_silent"), null, cause);

async function bodyOf(response: Response): Promise<Buffer> {
  try {
    return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    throw noAnswer(cause);
  }
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await soon(reader.read());
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw noAnswer(cause);
  } finally {
    // Nobody wants the rest, or there is none.
    void reader.cancel().catch(() => {});
  }
}

/** A slow line brings a little all the time; one that brings nothing holds a seat and the mails beside it. */
async function soon<Value>(coming: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error("The answer stopped in the middle.")), silentWithin);
  });
  try {
    return await Promise.race([coming, silence]);
  } finally {
    clearTimeout(timer);
  }
}
