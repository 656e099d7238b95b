/**
 * One verb of an API: what it needs, what it answers, what it does. Routes say who may call it.
 */
import { createHash } from "node:crypto";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { z } from "zod";
import { isDatabaseAway } from "./database/away.ts";
import { log } from "./log.ts";
import { ProblemError, problem } from "./problems.ts";
import { StoreTrouble } from "./storage.ts";

export type Endpoint<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType, Context = never> = {
  /** Path parameters, query and JSON body together; unknown fields are refused. */
  input: Input;
  /** What may leave; an unexpected field is an error of ours, never an answer. */
  output: Output;
  status: number;
  summary: string;
  run: (input: z.output<Input>, context: Context) => Promise<z.input<Output>>;
};

/** `summary` is one sentence for the API description. `status` defaults to 200. */
export const endpoint = <Input extends z.ZodType, Output extends z.ZodType, Context>(
  definition: Omit<Endpoint<Input, Output, Context>, "status"> & { status?: number },
): Endpoint<Input, Output, Context> => ({ status: 200, ...definition });

/** Reads the input, runs the verb, checks the answer. `contextOf` makes the verb's context from the request. */
export function serve<Input extends z.ZodType, Output extends z.ZodType, Context>(
  { input, output, status, run }: Endpoint<Input, Output, Context>,
  contextOf: (req: Request, res: Response) => Promise<Context> | Context,
): RequestHandler {
  return async (req, res) => {
    const given = input.safeParse({ ...req.query, ...(req.body as object | undefined), ...req.params });
    if (!given.success) throw invalidInput(given.error);

    const answer = output.parse(await run(given.data, await contextOf(req, res)));
    res.status(status).json(answer);
  };
}

/** 400 with a sentence for each field, so that a form can put it beside the field. */
export function invalidInput(error: z.ZodError) {
  const errors = error.issues.map((issue) => ({ field: issue.path.join("."), message: issue.message }));
  const first = errors[0];
  const detail = first ? `${first.field || "The request"}: ${first.message}` : "The request could not be read.";
  return problem(400, "invalid_input", detail, { errors });
}

/** The last handler of every API: problems as application/problem+json, bugs as a 500 that tells nothing. */
export function answerProblems(error: unknown, req: Request, res: Response, next: NextFunction) {
  if (res.headersSent) return next(error);
  const { problem: told, headers } = error instanceof ProblemError ? error : asProblem(error, req);
  res.status(told.status).set(headers).type("application/problem+json").send(JSON.stringify(told));
}

/** body-parser and the router mark their own refusals with a `status`, body-parser most of them with a `type` too. */
const Refusal = z.object({ type: z.string().optional(), status: z.number().min(400).max(499) });

function asProblem(error: unknown, req: Request): ProblemError {
  const refusal = Refusal.safeParse(error);
  if (refusal.success && refusal.data.type === "entity.too.large")
    return problem(413, "too_large", "The request is larger than this address accepts. Send less at once.");
  if (error instanceof StoreTrouble) {
    log.error({ err: error.cause, alarm: "store_trouble" }, "a file could not be kept");
    return problem(
      507,
      "no_room",
      "The server has no room for files just now. Try again later; an administrator has to make some.",
    );
  }
  if (isDatabaseAway(error)) {
    log.error({ err: error }, "the database does not answer");
    return problem(
      503,
      "unavailable",
      "The server cannot reach its data. Try again in a minute.",
      {},
      { "Retry-After": "5" },
    );
  }
  if (error instanceof URIError) return problem(400, "invalid_address", "The address holds a broken %-escape.");
  if (refusal.success) return problem(400, "invalid_body", "The request's body could not be read. Send valid JSON.");

  const reference = createHash("sha256").update(`${Date.now()}${req.path}`).digest("hex").slice(0, 8);
  log.error({ err: error, reference, method: req.method, route: req.route?.path }, "a request failed unexpectedly");
  return problem(
    500,
    "unexpected",
    `Something on our side failed. Nothing was changed. Try again; if it happens again, tell your administrator "${reference}".`,
  );
}
