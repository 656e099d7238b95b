/** Works out what one batch of a CRM's changes means for the desk. Changes only what `known` holds; `write` makes it so. */
import { isDeepStrictEqual } from "node:util";
import { agreeOnContact } from "./agree-on-contact.ts";
import { agreeOnOrganization } from "./agree-on-organization.ts";
import { type Batch, type Item, itemOf, linkOf, touch } from "./batch.ts";
import { keyOf, type Link } from "./known.ts";
import type { CrmChange, CrmOrganization, CrmRecord } from "./source.ts";

/** Companies first: people name them. */
export function agree(batch: Batch, changes: CrmChange[]) {
  const rank = (change: CrmChange) => ("record" in change && change.record.kind === "organization" ? 0 : 1);
  for (const change of changes.toSorted((one, other) => rank(one) - rank(other))) {
    if ("gone" in change) depart(batch, change.gone);
    else if ("record" in change) takeIn(batch, change);
    else
      batch.conflicts.push({
        kind: "contact",
        externalId: `line ${change.line}`,
        line: change.line,
        sentence: change.unreadable,
        inSource: true,
      });
  }
}

function takeIn(batch: Batch, { record: said, line, doubts = [] }: Extract<CrmChange, { record: CrmRecord }>) {
  const link = batch.known.links.get(keyOf(said));
  const again = link !== undefined && link.round === batch.round && batch.source.namesOnce && !batch.retry;
  const item = itemOf(batch, again && said.kind === "organization" ? withEarlier(batch, said, link, line) : said, line);
  for (const doubt of doubts) item.conflict(doubt, true);
  if (again && said.kind === "contact")
    return item.conflict(
      `Line ${line} names ${said.name} a second time, by the same id or address. The first counts.`,
      true,
    );

  const same = link && !link.goneAt && isDeepStrictEqual(link.said, item.record);
  if (same && again) return;
  if (same && !batch.retry && doubts.length === 0 && !batch.known.inConflict.has(keyOf(said))) {
    Object.assign(link, { round: batch.round, seen: true });
    return batch.told.push({ outcome: "unchanged", kind: said.kind, name: said.name, line: item.line, what: [] });
  }
  agreeOn(batch, item, link);
}

function agreeOn(batch: Batch, item: Item, before: Link | undefined) {
  const { record } = item;
  const ours =
    record.kind === "contact"
      ? agreeOnContact(batch, { ...item, record })
      : agreeOnOrganization(batch, { ...item, record });
  Object.assign(linkOf(batch, record), { said: record, round: batch.round, goneAt: null, changed: true });
  const outcome = ours.isNew && !before ? "created" : item.what.length || !before ? "changed" : "unchanged";
  if (outcome === "changed" && item.what.length === 0) item.what.push(`is ${ours.name} here`);
  batch.told.push({ outcome, kind: record.kind, name: record.name, line: item.line, what: item.what });
}

/** A file names a company in each of its people's lines, and not every line says everything. */
function withEarlier(batch: Batch, record: CrmOrganization, { said }: Link, line?: number): CrmOrganization {
  if (said.kind !== "organization") return record;
  const { conflict } = itemOf(batch, record, line);
  for (const field of ["name", "language", "timeZone", "portalScope"] as const)
    if (record[field] !== undefined && said[field] !== undefined && record[field] !== said[field])
      conflict(
        `Line ${line} gives ${said.name} the ${field} ${record[field]}, and an earlier line ${said[field]}. The earlier one counts.`,
        true,
      );
  const domains = [...new Set([...(said.domains ?? []), ...(record.domains ?? [])])];
  return { ...record, ...said, ...(domains.length && { domains }) };
}

/** The CRM has deleted it. Here it stays, because tickets hang on it, and is marked as former unless another CRM still has it. */
function depart(batch: Batch, gone: Pick<CrmRecord, "kind" | "externalId">) {
  const { known, source, now } = batch;
  const link = known.links.get(keyOf(gone));
  if (!link || link.goneAt) return;
  Object.assign(link, { goneAt: now, changed: true });
  const id = link.contactId ?? link.organizationId;
  const ours = known.contacts.get(id ?? "") ?? known.organizations.get(id ?? "");
  if (!ours) return;
  const left = (known.living.get(ours.id) ?? []).filter(
    (other) => !(other.sourceId === source.id && other.externalId === gone.externalId),
  );
  known.living.set(ours.id, left);
  if (left.some(({ complete }) => complete)) return;
  ours.formerAt = now;
  touch(ours);
  batch.told.push({
    outcome: "former",
    kind: gone.kind,
    name: ours.name,
    line: null,
    what: [`is not in ${source.name} any more`],
  });
}
