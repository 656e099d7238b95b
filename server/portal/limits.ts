/** How often something may be tried. Counted in the database: the same for every process. */
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { problem } from "../platform/problems.ts";
import type { PortalDatabase } from "./database.ts";

/** points: tries; per: seconds. */
const rules = {
  /** Mails with codes to one address from one network. */
  codeAsked: { points: 5, per: 15 * 60 },
  /** Mails with codes to one address, from everywhere together: nobody's mailbox is flooded. */
  codeAskedForAddress: { points: 30, per: 24 * 60 * 60 },
  /** Mails with codes asked for by one network. */
  codeAskedByNetwork: { points: 40, per: 15 * 60 },
  /** Codes tried for one address from one network. */
  codeTried: { points: 15, per: 15 * 60 },
  /** NIST SP 800-63B-4 §3.2.2: at most 100 failed tries for one account. */
  codeTriedForAddress: { points: 100, per: 24 * 60 * 60 },
  codeTriedByNetwork: { points: 100, per: 15 * 60 },
  /** Secrets of links that open nothing. */
  linkMissed: { points: 30, per: 15 * 60 },
  /** What one customer sends. */
  written: { points: 30, per: 10 * 60 },
} as const;

export type Limits = {
  /** Counts one try; throws 429 when there were too many. */
  spend: (rule: keyof typeof rules, key: string) => Promise<void>;
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
    check: async (rule, key) => {
      const spent = await of(rule).get(key);
      if (spent && spent.consumedPoints >= rules[rule].points) tooMany(spent);
    },
    forgive: async (rule, key) => {
      await of(rule).delete(key);
    },
  };
}

function tooMany(refusal: unknown): never {
  if (!(refusal instanceof RateLimiterRes)) throw refusal;
  const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
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
