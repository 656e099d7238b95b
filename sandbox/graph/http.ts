import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import express, { type NextFunction, type Request, type Response, Router } from "express";
import { answer as answerFault, type Fault } from "../faults.ts";
import type { Store } from "../store.ts";
import type { Caller } from "./access.ts";
import type { GraphReply } from "./call.ts";
import type { Graph } from "./graph.ts";
import { GraphProblem, problemBody } from "./problem.ts";
import { cancelSession, largestChunk, putChunk, showSession } from "./upload.ts";

/** A 3 MB attachment in base64 with its JSON around it: Graph takes no larger request than about 4 MB. */
const largestRequest = 4_400_000;

type Verify = (token: string) => Promise<Caller | null>;

/** Graph's front: checks the token, hands the request on, and writes the answer. */
export function graphRoutes(graph: Graph, verify: Verify): Router {
  const router = Router();
  router.use(express.raw({ type: () => true, limit: largestRequest }));
  router.use(async (request: Request, response: Response) => {
    const caller = await callerOf(request, verify);
    if (!caller) return unauthorized(request, response);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
    );
    const reply = await graph.answer(caller, {
      method: request.method,
      url: request.url,
      headers,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    });
    await write(response, reply);
  });
  router.use(refuseUnreadable);
  return router;
}

/** Where upload sessions lead: Outlook's own host, which wants no bearer token. The address is the permission. */
export function uploadRoutes(store: Store, origin: () => string): Router {
  const router = Router();
  router.use(express.raw({ type: () => true, limit: largestChunk + 1 }));
  router.use(async (request: Request, response: Response) => {
    const token = String(request.query.authtoken ?? "");
    await write(response, uploadReply(request, token));
  });
  router.use(refuseUnreadable);
  return router;

  function uploadReply(request: Request, token: string): GraphReply {
    try {
      if (request.method === "GET") return showSession(store, token);
      if (request.method === "DELETE") return cancelSession(store, token);
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      return putChunk(store, origin(), token, request.headers["content-range"] ?? "", bytes);
    } catch (problem) {
      if (!(problem instanceof GraphProblem)) throw problem;
      return { status: problem.status, body: problemBody(problem, "upload", "upload") };
    }
  }
}

/** The body never reached us whole: it was too large, or its sender hung up. */
function refuseUnreadable(problem: { status?: number }, _request: Request, response: Response, next: NextFunction) {
  if (!problem.status || response.headersSent) return next(problem);
  const tooLarge = new GraphProblem(413, "ErrorRequestEntityTooLarge", "The request is larger than Graph takes.");
  const unreadable = new GraphProblem(400, "BadRequest", "The body of the request could not be read.");
  const refusal = problem.status === 413 ? tooLarge : unreadable;
  response.status(refusal.status).json(problemBody(refusal, "none", "none"));
}

async function callerOf(request: Request, verify: Verify): Promise<Caller | null> {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return token ? verify(token) : null;
}

function unauthorized(request: Request, response: Response) {
  const problem = new GraphProblem(
    401,
    "InvalidAuthenticationToken",
    "Access token is empty, expired, or not for Microsoft Graph.",
  );
  const id = String(request.headers["client-request-id"] ?? "none");
  response
    .status(401)
    .set("WWW-Authenticate", 'Bearer realm="", authorization_uri=""')
    .json(problemBody(problem, id, id));
}

async function write(response: Response, reply: GraphReply) {
  const fault: Fault | undefined = response.locals.fault;
  if (fault?.do === "effectThenDrop") return void response.req.socket.destroy();
  if (fault?.do === "effectThenHold") return;
  if (fault?.do === "effectThenError") return answerFault(response, 504);

  response
    .status(reply.status)
    .set("Cache-Control", "private")
    .set(reply.headers ?? {});
  if (reply.bytes && (fault?.do === "truncate" || fault?.do === "stall"))
    return breakOff(response, Buffer.concat([...reply.bytes]), fault.do);
  if (reply.bytes) return pipeline(Readable.from(reply.bytes, { objectMode: false }), response).catch(ignoreHangUp);
  if (reply.body === undefined) return void response.end();
  // Graph names its metadata level in the content type.
  const type = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
  const text = JSON.stringify(reply.body);
  response.set("Content-Type", type).end(fault?.do === "truncate" ? text.slice(0, text.length / 2) : text);
}

/** Half of a mail reads like a mail: that it is none, only the connection tells, which ends before the answer does, or stays silent. */
function breakOff(response: Response, bytes: Buffer, how: "truncate" | "stall") {
  response.write(bytes.subarray(0, bytes.length / 2), () => how === "truncate" && response.destroy());
}

/** A reader that goes away in the middle of a mail is its own business. */
function ignoreHangUp(problem: NodeJS.ErrnoException) {
  if (problem.code !== "ERR_STREAM_PREMATURE_CLOSE") throw problem;
}
