import type { Address, Contact, Domain, Known, Link, Organization, Wrote } from "./known.ts";
import { keyOf } from "./known.ts";
import type { CrmRecord, CrmSource } from "./source.ts";

export type Outcome = "created" | "changed" | "unchanged" | "former";

/** What happened to one record, in words. */
export type Told = { outcome: Outcome; kind: CrmRecord["kind"]; name: string; line: number | null; what: string[] };

export type Conflict = {
  kind: CrmRecord["kind"];
  externalId: string;
  line: number | null;
  sentence: string;
  /** Wrong in the CRM or the file itself: only another version of the record ends it. */
  inSource: boolean;
};

/** One batch while it is worked out: what the desk knows, which changes with every record, and what there is to tell. */
export type Batch = {
  source: Pick<CrmSource, "id" | "name" | "complete" | "namesOnce">;
  round: number;
  /** Whether this is another try with what the CRM said before. */
  retry: boolean;
  known: Known;
  told: Told[];
  conflicts: Conflict[];
  /** People's own organizations that they moved out of. */
  leftAlone: Set<string>;
  now: Date;
};

/** The record while it is worked out. */
export type Item<Record extends CrmRecord = CrmRecord> = {
  record: Record;
  line: number | null;
  what: string[];
  conflict: (sentence: string, inSource?: boolean) => void;
};

export function itemOf<Record extends CrmRecord>(
  batch: Batch,
  record: Record,
  line: number | null = null,
): Item<Record> {
  const { kind, externalId } = record;
  return {
    record,
    line,
    what: [],
    conflict: (sentence, inSource = false) => batch.conflicts.push({ kind, externalId, line, sentence, inSource }),
  };
}

/** The link of a record; made when the record is new to us. */
export function linkOf({ known, round }: Batch, record: CrmRecord): Link {
  const key = keyOf(record);
  const link = known.links.get(key) ?? {
    externalId: record.externalId,
    organizationId: null,
    contactId: null,
    said: record,
    wrote: {},
    round,
    goneAt: null,
  };
  known.links.set(key, link);
  return link;
}

/** Whether some record of this CRM is this contact or organization today. */
export const livesIn = ({ known, source }: Batch, ours: string) =>
  known.living.get(ours)?.some(({ sourceId }) => sourceId === source.id) ?? false;

export function live({ known, source }: Batch, ours: string, externalId: string) {
  const living = known.living.get(ours) ?? [];
  if (!living.some((link) => link.sourceId === source.id && link.externalId === externalId))
    living.push({ ours, sourceId: source.id, externalId, complete: source.complete });
  known.living.set(ours, living);
}

/** The record takes the place of those that were this contact or organization before: what they brought is now its own. */
export function succeed({ known }: Batch, ours: string, link: Link) {
  for (const earlier of known.links.values()) {
    if (!earlier.goneAt || (earlier.contactId ?? earlier.organizationId) !== ours) continue;
    const addresses = [...(link.wrote.addresses ?? []), ...(earlier.wrote.addresses ?? [])];
    const domains = [...(link.wrote.domains ?? []), ...(earlier.wrote.domains ?? [])];
    link.wrote = { ...link.wrote, ...earlier.wrote, addresses, domains };
    Object.assign(earlier, { contactId: null, organizationId: null, changed: true });
  }
}

/** Nobody can come between whom the CRM gave up and whom it now names. */
export const isFree = (batch: Batch, owner: Contact | Organization | undefined) =>
  owner !== undefined && owner.formerAt !== null && !livesIn(batch, owner.id);

export const touch = <Row extends Organization | Contact | Address | Domain>(row: Row) => {
  if (!row.isNew) row.changed = true;
};

/** Ours follows the CRM while it is what the CRM made it, or while nobody ever set it. What somebody changed here stays. */
export function follow<Field extends keyof Wrote & string>(
  row: (Organization | Contact) & { [name in Field]?: string | null },
  wrote: Wrote,
  field: Field,
  said: Wrote[Field] & string,
  neverSet: boolean,
): "same" | "followed" | "kept" {
  const ours = row[field] ?? null;
  const free = wrote[field] === undefined ? neverSet : wrote[field] === ours;
  if (ours !== said && !free) return "kept";
  wrote[field] = said;
  if (ours === said) return "same";
  Object.assign(row, { [field]: said });
  touch(row);
  return "followed";
}
