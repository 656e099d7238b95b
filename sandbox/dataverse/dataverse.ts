import { organizations } from "../../prisma/seed.ts";
import type { Store } from "../store.ts";
import type { TableName } from "./columns.ts";
import { type Fields, recordsIn } from "./records.ts";

export type Dataverse = ReturnType<typeof openDataverse>;

/** The pretend Dataverse environment of the tenant: accounts and contacts, with their changes. */
export function openDataverse(store: Store) {
  const records = recordsIn(store);
  /** 5,000 rows a page at most (webapi/query-data-web-api, "Page results"); tests make it small. */
  const limits = { page: 5000 };
  return {
    records,
    limits,
    /** As somebody in the CRM would. */
    put: (table: TableName, fields: Fields, id?: string) => records.put(table, fields, id).id,
    /** A contact that works for this account. */
    employ: (fields: Fields, account: string | null, id?: string) =>
      records.put("contacts", { ...fields, ...employer(account) }, id).id,
    remove: (table: TableName, id: string) => records.remove(table, id),
    forgetHistory: records.forgetHistory,
    /** The sample world's customers, as its CRM has them. Twice is once. */
    settle() {
      if (records.count("accounts") > 0) return;
      store.transact(() => {
        for (const { id, name, domains, contacts } of organizations) {
          records.put("accounts", { name, websiteurl: `https://www.${domains[0]}` }, id);
          for (const contact of contacts) records.put("contacts", { ...named(contact), ...employer(id) }, contact.id);
        }
      });
    },
  };
}

const employer = (account: string | null): Fields => ({
  _parentcustomerid_value: account,
  "_parentcustomerid_value@lookup": account ? "account" : null,
});

function named({ name, addresses }: { name: string; addresses: string[] }): Fields {
  const words = name.split(" ");
  const [emailaddress1 = null, emailaddress2 = null, emailaddress3 = null] = addresses;
  return {
    firstname: words.slice(0, -1).join(" "),
    lastname: words.at(-1) ?? name,
    emailaddress1,
    emailaddress2,
    emailaddress3,
  };
}
