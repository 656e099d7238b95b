/** What can go wrong and be told: RFC 9457 problems. Everything else is a bug and answers 500 without details. */

export type Problem = {
  /** Names the kind for programs: `about:blank#already_closed`. */
  type: string;
  title: string;
  status: number;
  /** A sentence the reader can act on. */
  detail: string;
  [extension: string]: unknown;
};

export class ProblemError extends Error {
  readonly problem: Problem;
  readonly headers: Record<string, string>;

  constructor(problem: Problem, headers: Record<string, string> = {}) {
    super(problem.detail);
    this.problem = problem;
    this.headers = headers;
  }
}

const titles: Record<number, string> = {
  400: "Bad request",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  409: "Conflict",
  412: "Changed meanwhile",
  413: "Too large",
  422: "Cannot be done",
  428: "Version needed",
  429: "Too many requests",
  502: "Bad gateway",
  503: "Not available",
  507: "No room",
};

export function problem(
  status: number,
  code: string,
  detail: string,
  extensions: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) {
  const title = titles[status] ?? "Problem";
  return new ProblemError({ type: `about:blank#${code}`, title, status, detail, ...extensions }, headers);
}

/** The same words whether it does not exist or belongs to somebody else (rule of visibility 10). */
export const notFound = (what: string) => problem(404, "not_found", `${what} was not found.`);
export const conflict = (code: string, detail: string, extensions = {}) => problem(409, code, detail, extensions);
export const forbidden = (detail: string) => problem(403, "forbidden", detail);
