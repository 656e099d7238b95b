/** Accounts and contacts that changed (learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems). */
import { z } from "zod";
import type { CrmChange, CrmContact, CrmOrganization } from "../source.ts";
import { CrmTrouble } from "../source.ts";
import type { AskDataverse } from "./ask.ts";
import { notTracked } from "./trouble.ts";

export const tables = ["accounts", "contacts"] as const;
export type Table = (typeof tables)[number];

/** Columns: reference/entities/account and …/contact. */
const columns: Record<Table, string> = {
  accounts: "accountid,name,websiteurl,emailaddress1,statecode",
  contacts: "contactid,fullname,emailaddress1,emailaddress2,emailaddress3,_parentcustomerid_value,statecode",
};

/** 5,000 at most; smaller ones, because each is written in one transaction. */
const pageSize = 500;

const preferences = [
  "odata.track-changes",
  `odata.maxpagesize=${pageSize}`,
  // A contact's customer is an account or another contact: the annotation says which.
  'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"',
].join(",");

const text = z.string().nullish();
const Gone = z.object({ "@odata.context": z.string().regex(/\$deletedEntity$/), id: z.uuid() });
const Account = z.object({
  accountid: z.uuid(),
  name: text,
  websiteurl: text,
  emailaddress1: text,
  statecode: z.number().nullish(),
});
const Contact = z.object({
  contactid: z.uuid(),
  fullname: text,
  emailaddress1: text,
  emailaddress2: text,
  emailaddress3: text,
  _parentcustomerid_value: text,
  "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": text,
  statecode: z.number().nullish(),
});
const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    value: z.array(z.union([Gone, row])),
    "@odata.nextLink": z.string().optional(),
    "@odata.deltaLink": z.string().optional(),
  });
const Pages = { accounts: pageOf(Account), contacts: pageOf(Contact) };

export type TablePage = { changes: CrmChange[]; link: string; more: boolean };

/** `link`: where Dataverse told us to go on; null for everything. */
export async function readChanges(ask: AskDataverse, table: Table, link: string | null): Promise<TablePage> {
  const path = link ?? `${table}?$select=${columns[table]}`;
  const page = await ask.json(Pages[table], { method: "GET", path, headers: { Prefer: preferences } });
  if (page === "gone")
    throw new CrmTrouble(
      "lasting",
      "DATAVERSE_URL leads to no Dataverse environment. Set it to your organization's address, such as https://example.crm4.dynamics.com.",
    );
  const { "@odata.nextLink": next, "@odata.deltaLink": delta, value } = page;
  const onward = next ?? delta;
  if (!onward) throw notTracked(table);
  return { changes: value.map(changeOf), link: onward, more: next !== undefined };
}

type Row = z.infer<typeof Gone> | z.infer<typeof Account> | z.infer<typeof Contact>;

function changeOf(row: Row): CrmChange {
  if ("accountid" in row) return accountOf(row);
  if ("contactid" in row) return contactOf(row);
  const kind = /#accounts\b/.test(row["@odata.context"]) ? "organization" : "contact";
  return { gone: { kind, externalId: row.id } };
}

/** Deactivated is what people do instead of deleting, and what merging does with the one that is given up. */
const inactive = 1;

function accountOf({ accountid, name, websiteurl, emailaddress1, statecode }: z.infer<typeof Account>): CrmChange {
  if (statecode === inactive) return { gone: { kind: "organization", externalId: accountid } };
  const domains = [hostOf(websiteurl), emailaddress1?.split("@")[1]].flatMap((domain) => domain || []);
  const record: CrmOrganization = {
    kind: "organization",
    externalId: accountid,
    name: name?.trim().slice(0, longestName) || unnamed,
    domains: [...new Set(domains)],
  };
  return { record, doubts: name?.trim() ? [] : [`An account has no name in Dataverse (${accountid}). Name it there.`] };
}

const unnamed = "Organization without a name";
const longestName = 200;

function contactOf(row: z.infer<typeof Contact>): CrmChange {
  if (row.statecode === inactive) return { gone: { kind: "contact", externalId: row.contactid } };
  const addresses = [row.emailaddress1, row.emailaddress2, row.emailaddress3].flatMap((one) => one?.trim() || []);
  const employer = row["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] === "account";
  const record: CrmContact = {
    kind: "contact",
    externalId: row.contactid,
    name: row.fullname?.trim().slice(0, longestName) || addresses[0]?.split("@")[0] || "Contact without a name",
    addresses,
    organization: employer ? (row._parentcustomerid_value ?? null) : null,
  };
  const known = row.fullname?.trim() || addresses.length > 0;
  return {
    record,
    doubts: known
      ? []
      : [`A contact has neither a name nor an address in Dataverse (${row.contactid}). Give it both there.`],
  };
}

function hostOf(website: string | null | undefined) {
  if (!website?.trim()) return null;
  const url = URL.parse(/^https?:\/\//i.test(website.trim()) ? website.trim() : `https://${website.trim()}`);
  return url?.hostname.replace(/^www\./, "") ?? null;
}
