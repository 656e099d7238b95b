import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { isTable, type TableName, tables } from "./columns.ts";
import { alreadyThere, badRequest, notThere, otherVersion } from "./problem.ts";
import type { CrmRow, Fields, Records } from "./records.ts";

const Body = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** PATCH: changes, or creates under the id that the caller chose; If-Match and If-None-Match limit it to one of both. */
export function patchRow(
  records: Records,
  table: TableName,
  id: string,
  body: unknown,
  headers: IncomingHttpHeaders,
): CrmRow {
  const { entity } = tables[table];
  const row = records.find(table, id);
  const match = headers["if-match"];
  if (headers["if-none-match"] === "*" && row) throw alreadyThere();
  if (match !== undefined && !row) throw notThere(entity, id);
  if (match !== undefined && match !== "*" && row && match !== etagOf(row)) throw otherVersion();
  return records.put(table, readFields(records, table, body), id);
}

export const etagOf = ({ version }: CrmRow) => `W/"${version}"`;

export function readFields(records: Records, table: TableName, body: unknown): Fields {
  const read = Body.safeParse(body);
  if (!read.success) throw badRequest("Error identified in Payload provided by the user.", "0x80048d19");
  const fields: Fields = {};
  for (const [name, value] of Object.entries(read.data)) {
    const bind = /^(\w+)@odata\.bind$/.exec(name)?.[1];
    if (bind) Object.assign(fields, lookup(records, table, bind, String(value)));
    else if (tables[table].columns.some((column) => column === name)) fields[name] = value;
    else
      throw badRequest(
        `Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${tables[table].entity}'.`,
        "0x80048d19",
      );
  }
  return fields;
}

/** `"parentcustomerid_account@odata.bind": "/accounts(…)"` (associate-disassociate-entities-using-web-api). */
function lookup(records: Records, table: TableName, navigation: string, address: string): Fields {
  const [, there = "", id = ""] = /^\/?(?:.*\/)?(\w+)\(([0-9a-f-]{36})\)$/i.exec(address) ?? [];
  for (const [column, navigations] of Object.entries(tables[table].lookups)) {
    const wanted = Object.entries(navigations).find(([name]) => name === navigation)?.[1];
    if (!wanted) continue;
    if (there !== wanted || !isTable(there)) throw badRequest(`'${address}' is no address of ${wanted}.`, "0x80060888");
    if (!records.find(there, id)) throw notThere(tables[there].entity, id);
    return { [column]: id.toLowerCase(), [`${column}@lookup`]: tables[there].entity };
  }
  throw badRequest(`An undeclared property '${navigation}' was found.`, "0x80048d19");
}
