import pino from "pino";

/**
 * The process's log: one JSON line an event. Never a body, a token or an address of a person:
 * log ids and counts. What is redacted here is the last net, not the rule.
 */
export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
  serializers: { err: withoutValues },
  redact: {
    paths: [
      "req.headers.authorization",
      "req.headers.cookie",
      "*.token",
      "*.password",
      "*.address",
      "*.text",
      "*.html",
    ],
    censor: "(kept out of the log)",
  },
});

/** Prisma quotes in its message, and so in the stack, what was to be written: whole mails. */
export function withoutValues(error: Error) {
  const told = pino.stdSerializers.err(error);
  const invocation = /Invalid `[^`]+` invocation/.exec(error.message)?.[0];
  if (error.name !== "PrismaClientValidationError" || !invocation) return told;
  const reason = /\b(?:Unknown argument|Argument|Invalid value for argument) `[^`]*`/.exec(error.message)?.[0] ?? "";
  const kept = `${invocation}: ${reason} … (the values are kept out of the log)`;
  return { ...told, message: kept, stack: told.stack.replace(error.message, () => kept) };
}
