/** What can go wrong with Graph, in our words. */
import { say } from "../say.ts";

export type TroubleKind =
  /** The thing asked for is not (or no longer) there. */
  | "gone"
  /** The delta link is not known any more: ask for everything. */
  | "resync"
  | "throttled"
  | "forbidden"
  | "unauthorized"
  /** Somebody else changed it since we looked. */
  | "changed"
  /** Graph said no to just this request: the same again will be refused again. */
  | "refused"
  /** No answer, or an answer that it has trouble itself: whether it was done is not known. */
  | "unreachable";

/** The message is a sentence for an administrator. */
export class GraphTrouble extends Error {
  readonly kind: TroubleKind;
  readonly code: string;
  /** Not before then. */
  readonly retryAt: Date | null;

  constructor(kind: TroubleKind, code: string, sentence: string, retryAt: Date | null = null, cause?: unknown) {
    super(sentence, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.code = code;
    this.retryAt = retryAt;
  }
}

/** We were refused lately, so nobody asks before `retryAt`. `whole`: for everything that has to do with the mailbox. */
export class LockedOut extends GraphTrouble {
  readonly whole: boolean;

  constructor(trouble: { kind: TroubleKind; code: string; sentence: string; until: Date; whole: boolean }) {
    super(trouble.kind, trouble.code, trouble.sentence, trouble.until);
    this.whole = trouble.whole;
  }
}

export const isTrouble = (error: unknown, ...kinds: TroubleKind[]): error is GraphTrouble =>
  error instanceof GraphTrouble && (kinds.length === 0 || kinds.includes(error.kind));

/** An answer whose shape we do not know. */
export const unreadable = (cause?: unknown) =>
  new GraphTrouble("unreachable", "answer", say("graph_unreadable"), null, cause);

/** Codes: https://learn.microsoft.com/graph/delta-query-overview and /graph/errors; Outlook writes them in either case. */
const resyncCodes = /^(syncStateNotFound|syncStateInvalid|resyncRequired)$/i;
const throttledCodes = /^(ApplicationThrottled|TooManyRequests|activityLimitReached)$/i;

export function troubleOf(status: number, code: string, message: string, retryAt: Date | null): GraphTrouble {
  const trouble = (kind: TroubleKind, sentence: string) => new GraphTrouble(kind, code, sentence, retryAt);
  if (status === 410 || resyncCodes.test(code)) return trouble("resync", "The mailbox has to be read from the start.");
  if (status === 429 || throttledCodes.test(code)) return trouble("throttled", say("slow_down"));
  if (status === 401) return trouble("unauthorized", say("token_refused"));
  if (status === 403) return trouble("forbidden", say("access_denied"));
  if (status === 404)
    return code === "MailboxNotEnabledForRESTAPI" || code === "ErrorInvalidUser" || code === "Request_ResourceNotFound"
      ? trouble("forbidden", say("no_such_mailbox"))
      : trouble("gone", "It is no longer in the mailbox.");
  if (status === 412) return trouble("changed", "Somebody else changed it in the mailbox meanwhile.");
  if (status >= 500 || status === 408) return trouble("unreachable", say("graph_in_trouble"));
  return trouble("refused", say("request_refused", `${code}: ${message}`));
}
