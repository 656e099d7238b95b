import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Mailbox, mailboxOf } from "../exchange/mailboxes.ts";
import type { SentCopies } from "../exchange/sent-copies.ts";
import type { Store } from "../store.ts";
import { type Caller, mayCall } from "./access.ts";
import { runBatch } from "./batch.ts";
import type { GraphCall, GraphReply, GraphRequest } from "./call.ts";
import { badRequest, GraphProblem, problemBody } from "./problem.ts";
import { type GraphRoute, mailboxRoutes } from "./routes.ts";
import type { Subscriptions } from "./subscriptions.ts";
import { type Limits, throttle } from "./throttle.ts";

export type Graph = {
  /** Answers one request of somebody whose token was verified. Never throws. */
  answer(caller: Caller, request: GraphRequest): Promise<GraphReply>;
};

export type GraphOptions = {
  store: Store;
  sentCopies: SentCopies;
  origin: () => string;
  subscriptions: Subscriptions;
  limits: Limits;
  /** Outlook itself comes through Graph too, but Exchange does not throttle it as an app. */
  unlimitedApp: string;
};

export function startGraph(options: GraphOptions): Graph {
  const { store, sentCopies, subscriptions, limits } = options;
  const gate = throttle(limits);

  const graph: Graph = {
    async answer(caller, request) {
      const requestId = randomUUID();
      const clientRequestId = request.headers["client-request-id"] ?? requestId;
      const reply = await route(caller, request).catch((problem) => asReply(problem, requestId, clientRequestId));
      return {
        ...reply,
        headers: {
          "request-id": requestId,
          "client-request-id": clientRequestId,
          "x-ms-ags-diagnostic":
            '{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"local"}}',
          ...reply.headers,
        },
      };
    },
  };
  return graph;

  async function route(caller: Caller, request: GraphRequest): Promise<GraphReply> {
    const address = new URL(request.url, options.origin());
    const segments = readSegments(address.pathname);
    const [first = "", second = ""] = segments;

    if (/^\$batch$/i.test(first)) return runBatch(graph, caller, request);
    if (/^subscriptions$/i.test(first)) return subscriptions.answer(caller, request, segments.slice(1));
    if (/^me$/i.test(first)) return inMailbox(caller, request, address, mailboxOfCaller(caller), segments.slice(1));
    if (/^users$/i.test(first) && second) {
      return inMailbox(caller, request, address, findMailbox(second), segments.slice(2));
    }
    throw badRequest(`Resource not found for the segment '${first}'.`);
  }

  async function inMailbox(caller: Caller, request: GraphRequest, address: URL, mailbox: Mailbox, segments: string[]) {
    const found = findRoute(request.method, segments);
    mayCall(caller, mailbox, found.route.act);
    const leave = caller.appId === options.unlimitedApp ? () => {} : gate.enter(caller.appId, mailbox.id);
    const call: GraphCall = {
      store,
      sentCopies,
      origin: options.origin(),
      caller,
      request,
      path: address.pathname.replace(/^\//, ""),
      query: address.searchParams,
      param: (name) => found.params[name] ?? "",
      mailbox,
    };
    try {
      // What arrives in the same turn of the event loop counts as being here at once.
      await nextTurn();
      return await found.route.verb(call);
    } finally {
      leave();
    }
  }

  function findMailbox(idOrAddress: string): Mailbox {
    const mailbox = mailboxOf(store, idOrAddress);
    if (mailbox) return mailbox;
    throw new GraphProblem(404, "ErrorInvalidUser", `The requested user '${idOrAddress}' is invalid.`);
  }

  function mailboxOfCaller(caller: Caller): Mailbox {
    if (caller.kind === "app") throw badRequest("/me request is only valid with delegated authentication flow.");
    return findMailbox(caller.objectId);
  }
}

/** Both ways of naming one item: messages/AAMk… and messages('AAMk…'). */
function readSegments(path: string): string[] {
  return path
    .split("/")
    .filter(Boolean)
    .flatMap((part) => {
      const [, name, key] = /^([A-Za-z]+)\('(.*)'\)$/.exec(decode(part)) ?? [];
      return name && key !== undefined ? [name, key] : [decode(part)];
    });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`The address has a part that cannot be read: ${part}`);
  }
}

const patterns = mailboxRoutes.map((route) => ({ route, parts: route.path.split("/").filter(Boolean) }));

function findRoute(method: string, segments: string[]): { route: GraphRoute; params: Record<string, string> } {
  let known = false;
  for (const { route, parts } of patterns) {
    const params = match(parts, segments);
    if (!params) continue;
    if (route.method === method) return { route, params };
    known = true;
  }
  throw known
    ? new GraphProblem(405, "UnknownError", `The method ${method} is not allowed here.`)
    : badRequest(`Resource not found for the segment '${segments.at(-1) ?? ""}'.`);
}

function match(parts: string[], segments: string[]): Record<string, string> | null {
  if (parts.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [position, part] of parts.entries()) {
    const segment = segments[position] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return null;
  }
  return params;
}

function asReply(problem: unknown, requestId: string, clientRequestId: string): GraphReply {
  const known =
    problem instanceof GraphProblem
      ? problem
      : new GraphProblem(
          500,
          "ErrorInternalServerError",
          problem instanceof Error ? `${problem.message}` : "The sandbox failed.",
        );
  return { status: known.status, headers: known.headers, body: problemBody(known, requestId, clientRequestId) };
}
