import { z } from "zod";
import type { Caller } from "./access.ts";
import type { GraphReply, GraphRequest } from "./call.ts";
import type { Graph } from "./graph.ts";
import { badRequest } from "./problem.ts";

/** concepts/json-batching: at most 20, ids differ in more than case. */
const Batch = z.object({
  requests: z
    .array(
      z.object({
        id: z.string(),
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()).nullish(),
        body: z.unknown().optional(),
        dependsOn: z.array(z.string()).nullish(),
      }),
    )
    .max(20),
});
type Item = z.infer<typeof Batch>["requests"][number];

type Answer = { id: string; status: number; headers: Record<string, string>; body?: unknown };

/** Graph sends at most four of a batch to Outlook at a time (throttling-limits). */
const together = 4;

export async function runBatch(graph: Graph, caller: Caller, request: GraphRequest): Promise<GraphReply> {
  const { requests } = readBatch(request);
  const answers = new Map<string, Answer>();
  const waiting = [...requests];

  while (waiting.length > 0) {
    const ready = waiting
      .filter(({ dependsOn }) => (dependsOn ?? []).every((id) => answers.has(id)))
      .slice(0, together);
    if (ready.length === 0) throw badRequest("The requests of this batch wait for one another.");
    await Promise.all(
      ready.map(async (item) => {
        answers.set(item.id, await answerItem(graph, caller, item, answers));
        waiting.splice(waiting.indexOf(item), 1);
      }),
    );
  }
  return { status: 200, body: { responses: [...answers.values()] } };
}

function readBatch(request: GraphRequest) {
  const read = Batch.safeParse(parse(request.body));
  if (!read.success) throw badRequest("Invalid batch payload format.");
  const ids = read.data.requests.map(({ id }) => id.toLowerCase());
  if (new Set(ids).size < ids.length) throw badRequest("Request Id found to be a duplicate in the batch.");
  return read.data;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

async function answerItem(graph: Graph, caller: Caller, item: Item, answers: Map<string, Answer>): Promise<Answer> {
  const failed = item.dependsOn?.some((id) => (answers.get(id)?.status ?? 500) >= 400);
  if (failed) {
    const error = { code: "FailedDependency", message: "A request that this one depends on has failed." };
    return { id: item.id, status: 424, headers: { "Content-Type": "application/json" }, body: { error } };
  }
  const headers = Object.fromEntries(
    Object.entries(item.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const body = item.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(item.body));
  const reply = await graph.answer(caller, { method: item.method.toUpperCase(), url: item.url, headers, body });
  return {
    id: item.id,
    status: reply.status,
    headers: { ...reply.headers, ...(reply.body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(reply.body === undefined ? {} : { body: reply.body }),
    ...(reply.bytes ? { body: Buffer.concat([...reply.bytes]).toString("base64") } : {}),
  };
}
