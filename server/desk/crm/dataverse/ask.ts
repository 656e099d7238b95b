/** One request to the Dataverse Web API v9.2, patiently: the one place that talks to it. */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { DeskSettings } from "../../../platform/config.ts";
import { retryAtOf } from "../../graph/ask.ts";
import { openTokens } from "../../graph/token.ts";
import { CrmTrouble } from "../source.ts";
import { noAnswer, noSignIn, troubleOf, unreadable } from "./trouble.ts";

export type Request = {
  method: "GET" | "PATCH";
  /** Below the version, or a whole link that Dataverse gave. */
  path: string;
  headers?: Record<string, string>;
  body?: object;
};

/** `conflict`: If-Match or If-None-Match did not hold. `gone`: there is no such row. */
export type Done = "done" | "conflict" | "gone";

export type AskDataverse = {
  json: <Schema extends z.ZodType>(schema: Schema, request: Request) => Promise<z.output<Schema> | "gone">;
  done: (request: Request) => Promise<Done>;
};

const attempts = 4;
/** For longer waits the job ends, and its schedule starts it again. */
const longestWait = 15_000;
const answerWithin = 60_000;

export function openAsk(settings: DeskSettings & { DATAVERSE_URL: string }): AskDataverse {
  const tokens = openTokens(settings, settings.DATAVERSE_URL);
  const base = `${settings.DATAVERSE_URL}/api/data/v9.2/`;

  const once = async (request: Request): Promise<{ status: number; text: string }> => {
    const token = await tokens.get().catch((cause: unknown) => {
      throw noSignIn(cause);
    });
    const { response, text } = await exchange(addressOf(base, request.path), token, request);
    if (response.ok || response.status === 404 || response.status === 412) return { status: response.status, text };
    if (response.status === 401) tokens.forget();
    throw troubleOf({
      status: response.status,
      ...errorIn(text),
      retryAt: retryAtOf(response.headers.get("retry-after")),
    });
  };

  /** Everything we ask is harmless twice: reads, and writes that name their row and the version they are meant for. */
  const patiently = async <Result>(
    request: Request,
    read: (answer: { status: number; text: string }) => Result,
  ): Promise<Result> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return read(await once(request));
      } catch (error) {
        if (!(error instanceof CrmTrouble) || error.kind !== "passing" || attempt === attempts) throw error;
        const delay = delayOf(error, attempt);
        if (delay > longestWait) throw error;
        await wait(delay);
      }
    }
  };

  return {
    json: (schema, request) =>
      patiently(request, ({ status, text }) => {
        if (status === 404) return "gone";
        const read = schema.safeParse(parseJson(text));
        if (!read.success) throw unreadable(read.error);
        return read.data;
      }),
    done: (request) =>
      patiently(request, ({ status }) => (status === 404 ? "gone" : status === 412 ? "conflict" : "done")),
  };
}

async function exchange(url: string, token: string, { method, headers, body }: Request) {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: "application/json",
        // compose-http-requests-handle-errors: every request names its version.
        "OData-Version": "4.0",
        "OData-MaxVersion": "4.0",
        ...(body && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(answerWithin),
    });
    return { response, text: await response.text() };
  } catch (cause) {
    throw noAnswer(cause);
  }
}

/** Our token goes to no other host, whatever a link says. */
function addressOf(base: string, path: string) {
  const url = new URL(path, base);
  if (url.origin === new URL(base).origin) return url.href;
  throw new CrmTrouble(
    "lasting",
    `Dataverse sends us to ${url.origin}. Set DATAVERSE_URL to the environment's own address.`,
  );
}

const Refusal = z.object({ error: z.object({ code: z.string().default(""), message: z.string().default("") }) });

function errorIn(text: string) {
  const refusal = Refusal.safeParse(parseJson(text));
  return refusal.success ? refusal.data.error : { code: "", message: "" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half an answer, or a gateway's page: the schema refuses it.
    return undefined;
  }
}

function delayOf({ retryAt }: CrmTrouble, attempt: number) {
  if (retryAt) return Math.max(0, retryAt.getTime() - Date.now()) + Math.random() * 50;
  return 100 * 2 ** attempt * (0.75 + Math.random() / 2);
}
