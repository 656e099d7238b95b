/**
 * What a CRM is to Deskhatch: a list of records that changes. A file and Dataverse are two of them;
 * another one is another folder here with a function that makes a `CrmSource`.
 */
import { z } from "zod";

/** `from_date` needs a date, which no CRM has. */
export const CrmPortalScope = z.enum(["all", "only_new", "none"]);

/** Absent is not told: such a field is left as it is. */
export const CrmOrganization = z.strictObject({
  kind: z.literal("organization"),
  externalId: z.string(),
  name: z.string(),
  domains: z.array(z.string()).optional(),
  language: z.string().optional(),
  timeZone: z.string().optional(),
  portalScope: CrmPortalScope.optional(),
});
export type CrmOrganization = z.infer<typeof CrmOrganization>;

export const CrmContact = z.strictObject({
  kind: z.literal("contact"),
  externalId: z.string(),
  name: z.string(),
  /** The primary one first. */
  addresses: z.array(z.string()),
  /** The external id of the company; null for a person without one. */
  organization: z.string().nullable().optional(),
  language: z.string().optional(),
});
export type CrmContact = z.infer<typeof CrmContact>;

export const CrmRecord = z.discriminatedUnion("kind", [CrmOrganization, CrmContact]);
export type CrmRecord = z.infer<typeof CrmRecord>;

export type CrmChange =
  | {
      record: CrmRecord;
      /** In a file: where it stands. */
      line?: number;
      /** Sentences on what of it could not be read. */
      doubts?: string[];
    }
  | { gone: Pick<CrmRecord, "kind" | "externalId"> }
  /** Nothing that could be kept: only told. */
  | { unreadable: string; line: number };

export type CrmPage = {
  changes: CrmChange[];
  /** Where to go on: at once when `more`, otherwise next time. The source's own, as JSON. */
  place: unknown;
  more: boolean;
};

export type CrmSource = {
  id: string;
  /** What agents read: "the CRM", "contacts.csv". */
  name: string;
  /** Whether a record that a full reading does not name is gone. */
  complete: boolean;
  /** Whether the same record twice in one reading is a mistake, as in a file, and no repetition, as in a feed. */
  namesOnce: boolean;
  /** What changed since `place`; with null, everything from the start. Null: nothing did. */
  read: (place: unknown) => Promise<CrmPage | null>;
  close: () => Promise<void>;
};

/** A contact for the CRM to know: who it is there, if it is there, and the address that was taught. */
export type PersonToBring = {
  id: string;
  name: string;
  addresses: string[];
  externalId: string | null;
  /** The external id of the company. */
  organization: string | null;
  taught: string | null;
  /** Whether a record there is another contact of ours. */
  isOthers: (externalId: string) => Promise<boolean>;
};

/** `said`: the record as it now is there. `refused`: a sentence on why it cannot be. */
export type Written = { externalId: string; said: CrmContact } | { refused: string };

/** A CRM that can be told what agents teach. Whatever it is asked twice is done once. */
export type CrmWriter = { id: string; bring: (person: PersonToBring) => Promise<Written> };

/** What went wrong with a CRM; the message is a sentence for an administrator. */
export class CrmTrouble extends Error {
  /** `resync`: it has forgotten our place. `passing`: it tries again by itself. `lasting`: somebody has to do something. */
  readonly kind: "resync" | "passing" | "lasting";
  /** Not before then. */
  readonly retryAt: Date | null;

  constructor(
    kind: CrmTrouble["kind"],
    sentence: string,
    { retryAt, cause }: { retryAt?: Date | null; cause?: unknown } = {},
  ) {
    super(sentence, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.retryAt = retryAt ?? null;
  }
}
