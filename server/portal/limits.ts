/** How often something may be tried. Counted in the database: the same for every process. */
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { problem } from "../platform/problems.ts";
import type { PortalDatabase } from "./database.ts";

/** points: tries; per: seconds. */
const rules = {
  /** Mails with codes to one address from one network. */
  codeAsked: { points: 5, per: 15 * 60 },
  /** Mails with codes to one address, from everywhere together: nobody's mailbox is flooded. Beyond that, no mail is written. */
  codeMailed: { points: 3, per: 30 * 60 },
  codeMailedInDay: { points: 12, per: 24 * 60 * 60 },
  /** Mails with codes asked for by one network. */
  codeAskedByNetwork: { points: 40, per: 15 * 60 },
  /** Codes tried for one address from one network. */
  codeTried: { points: 15, per: 15 * 60 },
  /**
   * Codes tried for one address by browsers that no mail was sent for. With the five tries of each code that was mailed in
   * a day that makes 100 failed tries for one account, the most of NIST SP 800-63B-4 §3.2.2.
   */
  codeTriedForAddress: { points: 40, per: 24 * 60 * 60 },
  codeTriedByNetwork: { points: 100, per: 15 * 60 },
  /** Secrets of links that open nothing. */
  linkMissed: { points: 30, per: 15 * 60 },
  /** What one customer sends. */
  written: { points: 30, per: 10 * 60 },
} as const;

export type Limits = {
  /** Counts one try; throws 429 when there were too many. */
  spend: (rule: keyof typeof rules, key: string) => Promise<void>;
  /** Counts one try; false when there were too many. */
  allows: (rule: keyof typeof rules, key: string) => Promise<boolean>;
  /** Throws 429 when there were too many; counts nothing. */
  check: (rule: keyof typeof rules, key: string) => Promise<void>;
  /** Forgets the tries. */
  forgive: (rule: keyof typeof rules, key: string) => Promise<void>;
};

export function limitsIn({ pool }: PortalDatabase): Limits {
  const limiter = (rule: keyof typeof rules) =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: "pool",
      tableName: "portal_limits",
      tableCreated: true,
      keyPrefix: rule,
      points: rules[rule].points,
      duration: rules[rule].per,
    });
  const limiters = new Map(Object.keys(rules).map((rule) => [rule, limiter(rule as keyof typeof rules)]));
  const of = (rule: keyof typeof rules) => limiters.get(rule) ?? limiter(rule);

  return {
    spend: async (rule, key) => {
      await of(rule).consume(key).catch(tooMany);
    },
    allows: async (rule, key) => {
      const refusal = await of(rule)
        .consume(key)
        .then(() => null, asRefusal);
      return refusal === null;
    },
    check: async (rule, key) => {
      const spent = await of(rule).get(key);
      if (spent && spent.consumedPoints >= rules[rule].points) tooMany(spent);
    },
    forgive: async (rule, key) => {
      await of(rule).delete(key);
    },
  };
}

/** Whatever else went wrong is no refusal. */
function asRefusal(refusal: unknown): RateLimiterRes {
  if (!(refusal instanceof RateLimiterRes)) throw refusal;
  return refusal;
}

function tooMany(refusal: unknown): never {
  const seconds = Math.max(1, Math.ceil(asRefusal(refusal).msBeforeNext / 1000));
  throw problem(
    429,
    "too_many_tries",
    "Too many tries. Wait a little, then try again.",
    { retryAfter: seconds },
    {
      "retry-after": String(seconds),
    },
  );
}
