import { newTrace } from "./tokens.ts";

/** What the token endpoint answers instead of a token; numbers are Entra's (reference-error-codes). */
export class EntraProblem extends Error {
  readonly error: string;
  readonly number: number;
  readonly more: Record<string, string>;

  constructor(error: string, number: number, message: string, more: Record<string, string> = {}) {
    super(message);
    this.error = error;
    this.number = number;
    this.more = more;
  }
}

export const problemBody = (problem: EntraProblem, correlationId: string | undefined) => {
  const trace = newTrace();
  const correlation = /^[0-9a-f-]{36}$/i.test(correlationId ?? "") ? correlationId : newTrace();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;
  return {
    error: problem.error,
    error_description: `AADSTS${problem.number}: ${problem.message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [problem.number],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    ...problem.more,
  };
};
