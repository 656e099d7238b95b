import { type HeaderField, unfold } from "./mime/headers.ts";
import type { AuthenticationResult, MailAuthentication } from "./read-mail.ts";

const RESULTS: readonly AuthenticationResult[] = [
  "pass",
  "fail",
  "softfail",
  "neutral",
  "none",
  "temperror",
  "permerror",
  "bestguesspass",
];

/**
 * What a trusted server wrote into Authentication-Results (RFC 8601). Anybody can write that header, so only those with a
 * trusted authserv-id count, and of these the topmost run: servers add theirs at the top, some in several headers.
 * Exchange Online writes no id and renames what arrives with one to Authentication-Results-Original; trust "" for it.
 */
export function readAuthentication(fields: HeaderField[], trustedAuthservIds: string[]): MailAuthentication {
  const trusted = new Set(trustedAuthservIds.map((id) => id.toLowerCase()));
  const values = fields
    .filter(({ name }) => name === "authentication-results")
    .map(({ raw }) => withoutComments(unfold(raw)));
  const first = values.findIndex((value) => trusted.has(authservId(value)));
  if (first < 0) return { spf: null, dkim: null, dmarc: null, verdict: "none" };

  const id = authservId(values[first] ?? "");
  const after = values.findIndex((value, i) => i > first && authservId(value) !== id);
  const results = values.slice(first, after < 0 ? undefined : after).join(";");
  const [spf, dkim, dmarc] = [resultOf(results, "spf"), bestOf(results, "dkim"), resultOf(results, "dmarc")];
  return { spf, dkim, dmarc, verdict: verdictOf(results, spf, dkim, dmarc) };
}

/** The id before the first result; "" where the header begins with a result. */
function authservId(value: string): string {
  const [, word = ""] = /^\s*([^\s;]{1,255})/.exec(value) ?? [];
  return word.includes("=") ? "" : word.toLowerCase();
}

function resultOf(results: string, method: string): AuthenticationResult | null {
  const word = new RegExp(`(?:^|;)\\s*${method}\\s*(?:/\\d)?\\s*=\\s*([a-z]+)`, "i").exec(results)?.[1]?.toLowerCase();
  return RESULTS.find((result) => result === word) ?? null;
}

/** A mail may carry several signatures; one that holds is enough. */
function bestOf(results: string, method: string): AuthenticationResult | null {
  return new RegExp(`(?:^|;)\\s*${method}\\s*=\\s*pass\\b`, "i").test(results) ? "pass" : resultOf(results, method);
}

/**
 * DMARC answers the question itself: is the domain in From the sender's? `bestguesspass` is Exchange's word for a domain
 * without a policy that would have passed. Exchange's own sum is `compauth`.
 */
function verdictOf(
  results: string,
  spf: AuthenticationResult | null,
  dkim: AuthenticationResult | null,
  dmarc: AuthenticationResult | null,
): MailAuthentication["verdict"] {
  if (dmarc === "pass" || dmarc === "bestguesspass") return "pass";
  if (dmarc === "fail" || dmarc === "permerror") return "fail";
  const compauth = resultOf(results, "compauth");
  if (compauth === "pass") return "pass";
  if (compauth === "fail" || spf === "fail" || dkim === "fail") return "fail";
  return "none";
}

/** Comments nest (RFC 5322, 3.2.2) and may hold anything, `dmarc=pass` too. */
function withoutComments(value: string): string {
  let depth = 0;
  let out = "";
  for (const sign of value) {
    if (sign === "(") depth++;
    else if (sign === ")" && depth > 0) depth--;
    else if (depth === 0) out += sign;
  }
  return out;
}
