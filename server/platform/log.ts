import pino from "pino";

/**
 * The process's log: one JSON line an event. Never a body, a token or an address of a person:
 * log ids and counts. What is redacted here is the last net, not the rule.
 */
export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
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
