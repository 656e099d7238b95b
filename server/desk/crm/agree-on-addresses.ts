import { type Batch, type Item, isFree, touch } from "./batch.ts";
import type { Address, Contact, Wrote } from "./known.ts";
import type { CrmContact } from "./source.ts";

/** The contact has the addresses that the CRM names, and those that were taught or known here. An address is of one contact. */
export function agreeOnAddresses(batch: Batch, item: Item<CrmContact>, contact: Contact, wrote: Wrote) {
  const wanted = item.record.addresses;
  const brought = new Set(wrote.addresses ?? []);
  for (const address of wanted) if (gain(batch, item, contact, address, brought.has(address))) brought.add(address);
  for (const address of [...brought].filter((one) => !wanted.includes(one))) {
    brought.delete(address);
    lose(batch, item, contact, address);
  }
  wrote.addresses = [...brought];
  agreeOnPrimary(batch, item, contact, wrote);
}

/** True when the contact has it from now on, and had not before. */
function gain(
  batch: Batch,
  item: Item<CrmContact>,
  contact: Contact,
  address: string,
  broughtBefore: boolean,
): boolean {
  const { known, source } = batch;
  const row = known.addresses.get(address);
  if (row?.contactId === contact.id && !row.dropped) return false;
  const owner = row && !row.dropped ? known.contacts.get(row.contactId) : undefined;
  if (row && owner && !isFree(batch, owner)) {
    item.conflict(
      `${address} belongs to ${owner.name} here, and to ${contact.name} in ${source.name}. It stays where it is: if they are one person, merge the two contacts; otherwise take it from one of them.`,
    );
    return false;
  }
  if (!row && broughtBefore) {
    item.conflict(
      `${address} was taken from ${contact.name} here, and is still there in ${source.name}. It stays away; take it from there too.`,
    );
    return false;
  }
  // Given up a moment ago, or by somebody who has left: the row only changes hands.
  if (row) {
    forget(batch, row.contactId, address);
    Object.assign(row, {
      endedFor: row.endedFor ?? row.contactId,
      contactId: contact.id,
      primary: false,
      taught: false,
    });
    delete row.dropped;
    touch(row);
  } else known.addresses.set(address, { address, contactId: contact.id, primary: false, taught: false, isNew: true });
  item.what.push(`address ${address}`);
  return true;
}

/** Whoever had it before by a record that is gone may come back with it: nobody here took it from him. */
function forget({ known }: Batch, contactId: string, address: string) {
  for (const link of known.links.values())
    if (link.contactId === contactId && link.goneAt && link.wrote.addresses?.includes(address)) {
      link.wrote.addresses = link.wrote.addresses.filter((one) => one !== address);
      link.changed = true;
    }
}

/** It becomes a former address. What an agent taught stays. */
function lose({ known }: Batch, item: Item<CrmContact>, contact: Contact, address: string) {
  const row = known.addresses.get(address);
  if (row?.contactId !== contact.id || row.taught || row.dropped) return;
  Object.assign(row, { dropped: true, endedFor: contact.id });
  item.what.push(`no longer ${address}`);
}

/** Mails go to the address that the CRM puts first, unless somebody chose another here. */
function agreeOnPrimary({ known }: Batch, item: Item<CrmContact>, contact: Contact, wrote: Wrote) {
  const theirs = [...known.addresses.values()].filter((row) => row.contactId === contact.id && !row.dropped);
  const current = theirs.find(({ primary }) => primary);
  if (current && current.address !== wrote.primary) return;
  const first = item.record.addresses.find((address) => theirs.some((row) => row.address === address));
  const next = theirs.find(({ address }) => address === first) ?? current ?? theirs[0];
  if (!next || next === current) return;
  if (current) setPrimary(current, false);
  setPrimary(next, true);
  wrote.primary = next.address;
}

function setPrimary(row: Address, primary: boolean) {
  row.primary = primary;
  touch(row);
}
