import { domainToASCII } from "node:url";
import { getDomain } from "tldts";
import type { Store } from "../store.ts";
import { domainOf } from "./mailboxes.ts";

/** Who says so in the header (RFC 8601's authserv-id). The desk believes only this one. */
export const authenticationServer = "sandbox.protection.test";

export type Verdict = { spf: string; dkim: string; dmarc: string; compauth: string };

/** What a test may say about a domain's mails instead of the rule. A null means: the domain publishes no record. */
export type DomainRecord = { spf?: string | null; dkim?: string | null; dmarc?: string | null };

/** Says of a domain what its mails shall get from now on. Without a record the rule of `judge` holds again. */
export function setSenderDomain(store: Store, domain: string, record: DomainRecord | null) {
  store.run("delete from sender_domain where domain = ?", domain);
  if (!record) return;
  store.run(
    "insert into sender_domain (domain, spf, dkim, dmarc) values (?, ?, ?, ?)",
    domain,
    record.spf ?? null,
    record.dkim ?? null,
    record.dmarc ?? null,
  );
}

/**
 * The sandbox's pretend SPF, DKIM and DMARC. There is no DNS here, so the rule is about alignment (RFC 7489 3.1):
 * a mail whose envelope sender and From are of one organization passes, any other fails,
 * and a bounce (no envelope sender) proves nothing.
 */
export function judge(store: Store, envelopeFrom: string, headerFrom: string | null): Verdict {
  const record = headerFrom ? recordOf(store, domainOf(headerFrom)) : undefined;
  if (record) return withCompauth(record);
  if (!headerFrom) return withCompauth({ spf: envelopeFrom ? "pass" : "none", dkim: "none", dmarc: "permerror" });
  if (!envelopeFrom) return withCompauth({ spf: "none", dkim: "none", dmarc: "none" });
  return sameOrganization(envelopeFrom, headerFrom)
    ? withCompauth({ spf: "pass", dkim: "pass", dmarc: "pass" })
    : withCompauth({ spf: "pass", dkim: "none", dmarc: "fail" });
}

function recordOf(store: Store, domain: string) {
  const row = store.one<{ spf: string | null; dkim: string | null; dmarc: string | null }>(
    "select spf, dkim, dmarc from sender_domain where domain = ?",
    domain,
  );
  return row && { spf: row.spf ?? "none", dkim: row.dkim ?? "none", dmarc: row.dmarc ?? "none" };
}

function withCompauth(results: { spf: string; dkim: string; dmarc: string }): Verdict {
  const { dmarc, spf } = results;
  if (dmarc === "pass") return { ...results, compauth: "pass reason=100" };
  if (dmarc === "none") return { ...results, compauth: spf === "pass" ? "pass reason=102" : "none reason=405" };
  return { ...results, compauth: "fail reason=000" };
}

const organizationOf = (address: string) => getDomain(domainOf(address)) ?? domainOf(address);
const sameOrganization = (one: string, other: string) => organizationOf(one) === organizationOf(other);

/** The header that Exchange puts on a mail that arrives. */
export function authenticationHeader(verdict: Verdict, envelopeFrom: string, headerFrom: string | null): string {
  const from = headerFrom ? domainOf(headerFrom) : "";
  const mailFrom = envelopeFrom ? domainOf(envelopeFrom) : "";
  return [
    `Authentication-Results: ${authenticationServer};`,
    ` spf=${verdict.spf} smtp.mailfrom=${safe(mailFrom)};`,
    ` dkim=${verdict.dkim} header.d=${safe(verdict.dkim === "none" ? "" : from)};`,
    ` dmarc=${verdict.dmarc} header.from=${safe(from)};`,
    ` compauth=${verdict.compauth}`,
  ].join("\r\n");
}

/** A sender chooses these words: nothing but the letters of a domain gets into our header. */
const safe = (domain: string) => (domainToASCII(domain) || domain).replace(/[^A-Za-z0-9.\-_]/g, "") || "none";

const fields = /^authentication-results[ \t]*:[^\r\n]*(?:\r?\n|\r|$)(?:[ \t][^\r\n]*(?:\r?\n|\r|$))*/gim;

/**
 * Takes out what the sender wrote in our name (RFC 8601 section 5), and nothing else:
 * results of other servers stay, as does every other byte.
 */
export function withoutForgedResults(raw: Buffer): Buffer {
  const end = endOfHeaders(raw);
  const head = raw.subarray(0, end).toString("latin1");
  const kept = head.replace(fields, (field) => (claimsToBeUs(field) ? "" : field));
  return kept.length === head.length ? raw : Buffer.concat([Buffer.from(kept, "latin1"), raw.subarray(end)]);
}

const claimsToBeUs = (field: string) =>
  field
    .replace(/\([^()]*\)/g, "")
    .replace(/["\s]/g, "")
    .toLowerCase()
    .includes(authenticationServer);

/** Headers longer than this are nobody's honest mail; Exchange Online refuses them above 256 kB. */
const longestHeaders = 1024 * 1024;

function endOfHeaders(raw: Buffer): number {
  const start = raw.subarray(0, longestHeaders);
  const ends = ["\r\n\r\n", "\n\n", "\r\r"].map((mark) => start.indexOf(mark, 0, "latin1")).filter((at) => at >= 0);
  return ends.length ? Math.min(...ends) + 2 : start.length;
}
