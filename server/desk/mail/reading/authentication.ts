import { domainToASCII } from "node:url";
import { readAddresses } from "./addresses.ts";
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
 * trusted authserv-id count, and of these the topmost decides: servers add theirs at the top. Further ones below it may be
 * its own, or a sender's in its name; they can only make the verdict worse.
 * Exchange Online writes no id and renames what arrives with one to Authentication-Results-Original; trust "" for it.
 */
export function readAuthentication(fields: HeaderField[], trustedAuthservIds: string[]): MailAuthentication {
  const trusted = new Set(trustedAuthservIds.map((id) => id.toLowerCase()));
  const values = fields
    .filter(({ name }) => name === "authentication-results")
    .map(({ raw }) => withoutFreeText(unfold(raw)));
  const first = values.findIndex((value) => trusted.has(authservId(value)));
  const id = authservId(values[first] ?? "");
  if (first < 0 || (id === "" && !cameThroughExchange(fields)))
    return { spf: null, dkim: null, dmarc: null, verdict: "none" };

  const own = values[first] ?? "";
  const all = values.filter((value) => authservId(value) === id).join(";");
  const [spf, dkim, dmarc] = [resultOf(all, "spf"), bestOf(all, "dkim"), onlyResultOf(all, "dmarc")];
  const verdict = worse(verdictOf(own), verdictOf(all));
  return { spf, dkim, dmarc, verdict: verdict === "pass" ? aboutTheSender(all, fields) : verdict };
}

/**
 * Exchange takes these fields out of every mail from outside and writes its own (header firewall,
 * https://learn.microsoft.com/exchange/header-firewall-exchange-2013-help): a result without an id counts beside them only.
 */
const exchangeMarks = ["x-ms-exchange-organization-authas", "x-ms-exchange-organization-authsource"];
const cameThroughExchange = (fields: HeaderField[]) => fields.some(({ name }) => exchangeMarks.includes(name));

type Verdict = MailAuthentication["verdict"];
const worstFirst: Verdict[] = ["fail", "none", "pass"];
const worse = (one: Verdict, other: Verdict) =>
  worstFirst.find((verdict) => verdict === one || verdict === other) ?? "none";

/**
 * A pass is one for the domain that the server has read in From. It says nothing of a From with several people, and
 * nothing good of one in which the server has read another domain than we do.
 */
function aboutTheSender(results: string, fields: HeaderField[]): MailAuthentication["verdict"] {
  const named = fields.filter(({ name }) => name === "from");
  const senders = named.flatMap(({ raw }) => readAddresses(raw));
  if (senders.length !== 1 || named.some(({ raw }) => withoutFreeText(raw).split("<").length > 2)) return "none";
  const ours = domainOf(senders[0]?.address ?? "");
  const theirs = [...results.matchAll(/\bheader\.from\s*=\s*([^\s;]+)/gi)].map(([, from = ""]) => domainOf(from));
  return theirs.every((domain) => domain === ours) ? "pass" : "fail";
}

const domainOf = (address: string) =>
  domainToASCII(address.slice(address.lastIndexOf("@") + 1).replace(/[<>]|\.$/g, ""));

/** The id before the first result; "" where the header begins with a result. */
function authservId(value: string): string {
  const [, word = ""] = /^\s*([^\s;]{1,255})/.exec(value) ?? [];
  return word.includes("=") ? "" : word.toLowerCase();
}

function resultsOf(results: string, method: string): AuthenticationResult[] {
  const words = results.matchAll(new RegExp(`(?:^|;)\\s*${method}\\s*(?:/\\d)?\\s*=\\s*([a-z]+)`, "gi"));
  return [...words].flatMap(([, word]) => RESULTS.find((result) => result === word?.toLowerCase()) ?? []);
}

const resultOf = (results: string, method: string) => resultsOf(results, method)[0] ?? null;

/** Servers write these once: a second one that says otherwise is somebody's forgery, and the worse one counts. */
function onlyResultOf(results: string, method: string): AuthenticationResult | null {
  const said = resultsOf(results, method);
  return said.find((result) => result !== "pass" && result !== "bestguesspass") ?? said[0] ?? null;
}

/** A mail may carry several signatures; one that holds is enough. */
function bestOf(results: string, method: string): AuthenticationResult | null {
  return new RegExp(`(?:^|;)\\s*${method}\\s*=\\s*pass\\b`, "i").test(results) ? "pass" : resultOf(results, method);
}

/**
 * DMARC answers the question itself: is the domain in From the sender's? `bestguesspass` is Exchange's word for a domain
 * without a policy that would have passed. Exchange's own sum is `compauth`.
 */
function verdictOf(results: string): Verdict {
  const dmarc = onlyResultOf(results, "dmarc");
  const compauth = onlyResultOf(results, "compauth");
  if (dmarc === "pass" || dmarc === "bestguesspass") return "pass";
  if (dmarc === "fail" || dmarc === "permerror") return "fail";
  if (compauth === "pass") return "pass";
  if (compauth === "fail" || resultOf(results, "spf") === "fail" || bestOf(results, "dkim") === "fail") return "fail";
  return "none";
}

/** What senders choose stands in comments, which nest, and in quotes (RFC 5322, 3.2); either may hold "; dmarc=pass". */
function withoutFreeText(value: string): string {
  let depth = 0;
  let quoted = false;
  let out = "";
  for (const [sign] of value.matchAll(/\\.|[^\\]|\\/gs)) {
    if (sign === '"' && depth === 0) {
      quoted = !quoted;
      out += sign;
    } else if (quoted) continue;
    else if (sign === "(") depth++;
    else if (sign === ")" && depth > 0) depth--;
    else if (depth === 0) out += sign;
  }
  return out;
}
