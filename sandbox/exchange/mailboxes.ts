import type { Store } from "../store.ts";
import { type Person, people } from "../world.ts";
import { newFolderId } from "./ids.ts";

export type Mailbox = { id: number; objectId: string; address: string; name: string; kind: Person["kind"] };

/** Outlook's well-known folders that every mailbox has. Their names are what Outlook shows. */
const wellKnownFolders = [
  ["inbox", "Inbox"],
  ["drafts", "Drafts"],
  ["sentitems", "Sent Items"],
  ["deleteditems", "Deleted Items"],
  ["junkemail", "Junk Email"],
  ["archive", "Archive"],
  ["outbox", "Outbox"],
  ["recoverableitemsdeletions", "Deletions"],
] as const;

export type WellKnownFolder = (typeof wellKnownFolders)[number][0];

/** Makes sure that everybody in the world has a mailbox. Safe at every start. */
export function openMailboxes(store: Store, everybody: readonly Person[] = people) {
  store.transact(() => {
    for (const person of everybody) openMailbox(store, person);
  });
}

function openMailbox(store: Store, person: Person) {
  if (mailboxOf(store, person.address)) return;
  const { id } = store.run(
    "insert into mailbox (object_id, address, name, kind) values (?, ?, ?, ?)",
    person.objectId,
    person.address,
    person.name,
    person.kind,
  );
  const root = addFolder(store, id, null, "Top of Information Store", "msgfolderroot");
  for (const [wellKnown, name] of wellKnownFolders) addFolder(store, id, root, name, wellKnown);
}

export function addFolder(store: Store, mailboxId: number, parentId: number | null, name: string, wellKnown?: string) {
  return store.run(
    "insert into folder (mailbox_id, parent_id, public_id, well_known, name) values (?, ?, ?, ?, ?)",
    mailboxId,
    parentId,
    newFolderId(),
    wellKnown ?? null,
    name,
  ).id;
}

const columns = "id, object_id as objectId, address, name, kind";

/** By address or object id. A plus-address is its owner's: support+x@ is support@ (Exchange's plus addressing). */
export function mailboxOf(store: Store, addressOrId: string): Mailbox | undefined {
  const found = (value: string) =>
    store.one<Mailbox>(`select ${columns} from mailbox where address = ? or object_id = lower(?)`, value, value);
  return found(addressOrId) ?? found(addressOrId.replace(/\+[^@]*@/, "@"));
}

export const mailboxById = (store: Store, id: number) =>
  store.one<Mailbox>(`select ${columns} from mailbox where id = ?`, id);

export const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

const home = domainOf(people.find((person) => person.kind === "agent")?.address ?? "@deskhatch.test");

/** Whether an address belongs to our own tenant, which knows all its mailboxes. */
export const isOurs = (address: string) => domainOf(address) === home;

export type Folder = {
  id: number;
  mailboxId: number;
  parentId: number | null;
  publicId: string;
  wellKnown: string | null;
  name: string;
  deltaEpoch: number;
};

const folderColumns = `id, mailbox_id as mailboxId, parent_id as parentId, public_id as publicId,
  well_known as wellKnown, name, delta_epoch as deltaEpoch`;

/** By well-known name (any case) or id. */
export const folderOf = (store: Store, mailboxId: number, nameOrId: string) =>
  store.one<Folder>(
    `select ${folderColumns} from folder where mailbox_id = ? and (well_known = lower(?) or public_id = ?)`,
    mailboxId,
    nameOrId,
    nameOrId,
  );

export const folderById = (store: Store, id: number) =>
  store.one<Folder>(`select ${folderColumns} from folder where id = ?`, id);

export const foldersUnder = (store: Store, mailboxId: number, parentId: number) =>
  store.all<Folder>(
    `select ${folderColumns} from folder where mailbox_id = ? and parent_id = ?
       and coalesce(well_known, '') <> 'recoverableitemsdeletions' order by name`,
    mailboxId,
    parentId,
  );

export function wellKnown(store: Store, mailboxId: number, name: WellKnownFolder | "msgfolderroot"): Folder {
  const folder = folderOf(store, mailboxId, name);
  if (!folder)
    throw new Error(`Mailbox ${mailboxId} has no ${name} folder: delete the sandbox's data and start again.`);
  return folder;
}
