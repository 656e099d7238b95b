/** Asks the desk: with the person's token, answers read with the desk's own contract, refusals as sentences. */
import { z } from "zod";
import { SignInFailure } from "../sign-in/failures.ts";
import type { SignIn } from "../sign-in/sign-in.ts";

/** RFC 9457, as server/platform/problems.ts writes it. */
const ProblemBody = z.looseObject({ type: z.string(), status: z.number(), detail: z.string() });

/** What the desk refused, in its own words. */
export class DeskProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: Record<string, unknown>;

  constructor(body: z.infer<typeof ProblemBody>) {
    super(body.detail);
    this.status = body.status;
    this.code = body.type.split("#").at(-1) ?? "";
    this.body = body;
  }
}

/** The desk could not be reached, or what answered was not the desk. */
export class Unreachable extends Error {}

export type Change = {
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  /** The raw body of an upload. */
  file?: File;
  /** Names this act: sent again, it is done once. */
  key: string;
  /** The version it was drawn from. */
  version?: number;
};

export type Ask = {
  read: <Schema extends z.ZodType>(path: string, answer: Schema, signal?: AbortSignal) => Promise<z.output<Schema>>;
  change: <Schema extends z.ZodType>(path: string, answer: Schema, change: Change) => Promise<z.output<Schema>>;
  /** The content of a file. */
  content: (path: string) => Promise<Blob>;
};

export function openAsk(signIn: SignIn): Ask {
  /** A token that the desk does not take is renewed once; a second refusal is told, never tried again. */
  async function send(path: string, init: RequestInit, fresh = false): Promise<Response> {
    const token = await signIn.token({ fresh });
    const response = await reach(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
    if (response.status === 401 && !fresh) return send(path, init, true);
    if (response.status === 401) throw new SignInFailure("not_accepted", { detail: await detailOf(response) });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  return {
    read: async (path, answer, signal) => answer.parse(await json(await send(path, { signal }))),
    change: async (path, answer, change) => answer.parse(await json(await send(path, initOf(change)))),
    content: async (path) => (await send(path, {})).blob(),
  };
}

function initOf({ method, body, file, key, version }: Change): RequestInit {
  const headers: Record<string, string> = { "idempotency-key": key, "x-client": "outlook-pane" };
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  if (file)
    return { method, body: file, headers: { ...headers, "content-type": file.type || "application/octet-stream" } };
  if (body === undefined) return { method, headers };
  return { method, body: JSON.stringify(body), headers: { ...headers, "content-type": "application/json" } };
}

async function reach(path: string, init: RequestInit) {
  try {
    return await fetch(`/api${path}`, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable("The desk could not be reached.");
  }
}

async function json(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  return response.json();
}

async function refusal(response: Response): Promise<Error> {
  const body = ProblemBody.safeParse(await response.json().catch(() => null));
  return body.success
    ? new DeskProblem(body.data)
    : new Unreachable(`Something other than the desk answered (${response.status}).`);
}

async function detailOf(response: Response) {
  const error = await refusal(response);
  return error.message;
}
