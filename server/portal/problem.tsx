/** @jsxRuntime automatic */
import type { ErrorRequestHandler } from "express";
import { type ProblemKind, ProblemPage } from "../../portal/ProblemPage.tsx";
import { isDatabaseAway } from "../platform/database/away.ts";
import { answerProblems } from "../platform/endpoint.ts";
import { log } from "../platform/log.ts";
import { ProblemError, problem } from "../platform/problems.ts";
import type { Portal } from "./app.ts";
import { languageOf, showPage, surroundings, wantsJson } from "./visit.ts";

/** The last handler: a problem as a page, or as JSON for programs. */
export const answerProblem =
  (portal: Portal): ErrorRequestHandler =>
  (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const known = isDatabaseAway(error) ? unavailable(error) : error;
    if (wantsJson(req)) return answerProblems(known, req, res, next);

    const told = known instanceof ProblemError ? known : null;
    const status = told?.problem.status ?? statusOf(known);
    if (status === 500)
      log.error({ err: known, method: req.method, route: req.route?.path }, "a page failed unexpectedly");
    const visit = { portal, req, res, who: null, language: languageOf(portal, req, null) };
    const kind = told?.problem.type.endsWith("#link_opens_nothing") ? "link" : kindOf(status);
    const retry = Number(told?.headers["retry-after"]);
    res.set(told?.headers ?? {});
    showPage(
      visit,
      <ProblemPage kind={kind} retryMinutes={retry ? Math.ceil(retry / 60) : undefined} around={surroundings(visit)} />,
      status,
    );
  };

function unavailable(error: unknown) {
  log.error({ err: error }, "the portal's database does not answer");
  return problem(
    503,
    "unavailable",
    "The portal cannot reach its data. Try again in a minute.",
    {},
    { "retry-after": "60" },
  );
}

/** body-parser and Express mark what is the request's own fault with a status. */
function statusOf(error: unknown) {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

const kinds: readonly ProblemKind[] = [403, 404, 413, 429, 500, 503];
const kindOf = (status: number): ProblemKind => kinds.find((kind) => kind === status) ?? 400;
