/** An answer that Graph gives instead of the wanted one. The codes are those that users of Graph have met. */
export class GraphProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const itemNotFound = () =>
  new GraphProblem(404, "ErrorItemNotFound", "The specified object was not found in the store.");

export const malformedId = () => new GraphProblem(400, "ErrorInvalidIdMalformed", "Id is malformed.");

export const accessDenied = () =>
  new GraphProblem(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");

export const badRequest = (message: string, code = "BadRequest") => new GraphProblem(400, code, message);

export const throttled = (code: string, message: string, retryAfter: number) =>
  new GraphProblem(429, code, message, { "Retry-After": String(retryAfter) });

/** concepts/errors.md: code, message, and an innerError that names the request. */
export function problemBody(problem: GraphProblem, requestId: string, clientRequestId: string) {
  return {
    error: {
      code: problem.code,
      message: problem.message,
      innerError: {
        date: new Date().toISOString().slice(0, 19),
        "request-id": requestId,
        "client-request-id": clientRequestId,
      },
    },
  };
}
