import type { z } from "zod";
import { looksLikeAnId } from "../exchange/ids.ts";
import { type Folder, folderOf, type Mailbox } from "../exchange/mailboxes.ts";
import { type Message, messageOf } from "../exchange/messages.ts";
import type { SentCopies } from "../exchange/sent-copies.ts";
import type { Store } from "../store.ts";
import type { Caller } from "./access.ts";
import { badRequest, GraphProblem, itemNotFound, malformedId } from "./problem.ts";

/** A request to Graph, wherever it came from: the network, a batch, or Outlook itself. */
export type GraphRequest = {
  method: string;
  /** After /v1.0, with its query. */
  url: string;
  headers: Record<string, string | undefined>;
  body: Buffer;
};

export type GraphReply = {
  status: number;
  headers?: Record<string, string>;
  /** JSON, or bytes, or bytes in pieces. */
  body?: unknown;
  bytes?: Iterable<Uint8Array>;
};

/** What the verbs of this folder work with. */
export type GraphCall = {
  store: Store;
  sentCopies: SentCopies;
  /** https://localhost:PORT */
  origin: string;
  caller: Caller;
  request: GraphRequest;
  path: string;
  query: URLSearchParams;
  param(name: string): string;
  mailbox: Mailbox;
};

export type GraphVerb = (call: GraphCall) => GraphReply | Promise<GraphReply>;

export const ok = (body: unknown, headers: Record<string, string> = {}): GraphReply => ({ status: 200, body, headers });

export const metadata = (call: GraphCall, entity: string) => `${call.origin}/v1.0/$metadata#${entity}`;

/** One `Prefer` header may ask for several things. */
export function preference(call: GraphCall, name: string): string | null {
  const found = new RegExp(`(?:^|[,;\\s])${name.replace(".", "\\.")}\\s*=\\s*"?([^",;]+)"?`, "i").exec(
    call.request.headers.prefer ?? "",
  );
  return found?.[1]?.trim() ?? null;
}

const prefersImmutableIds = (call: GraphCall) => preference(call, "IdType")?.toLowerCase() === "immutableid";

export const idFor = (call: GraphCall, message: { immutableId: string; mutableId: string }) =>
  prefersImmutableIds(call) ? message.immutableId : message.mutableId;

export function messageIn(call: GraphCall): Message {
  const id = call.param("message");
  const message = messageOf(call.store, call.mailbox.id, id);
  if (message) return message;
  throw looksLikeAnId(id) ? itemNotFound() : malformedId();
}

export function folderIn(call: GraphCall, name = "folder"): Folder {
  return folderNamed(call, call.param(name));
}

export function folderNamed(call: GraphCall, nameOrId: string): Folder {
  const folder = folderOf(call.store, call.mailbox.id, nameOrId);
  if (folder) return folder;
  throw looksLikeAnId(nameOrId) ? itemNotFound() : malformedId();
}

export function readJson<Schema extends z.ZodType>(call: GraphCall, schema: Schema): z.output<Schema> {
  return parseWith(schema, parseJson(call.request.body));
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw badRequest(
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    );
  }
}

export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const read = schema.safeParse(lowerFirstLetters(value));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    throw new GraphProblem(
      400,
      "RequestBodyRead",
      `The property '${issue.keys[0]}' does not exist on this type. Make sure to only use property names that are defined by the type.`,
    );
  }
  throw new GraphProblem(400, "RequestBodyRead", `Cannot read '${issue?.path.join(".")}': ${issue?.message}.`);
}

/** Graph's actions take their parameters in both casings: the metadata has Comment, the documentation comment. */
function lowerFirstLetters(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.includes("@odata.") || name === "@odata.type")
      .map(([name, inner]) => [name.charAt(0).toLowerCase() + name.slice(1), inner]),
  );
}
