import type { Value } from "../store.ts";
import { type Condition, columnOf, parseFilter } from "./filter.ts";
import { badRequest } from "./problem.ts";
import { messageProperties } from "./wire.ts";

/** $top: 10 by default, 1000 at most (api/user-list-messages). */
const defaultPage = 10;
const largestPage = 1000;

export type MessageQuery = {
  where: string;
  values: Value[];
  orderBy: string;
  top: number;
  skip: number;
  count: boolean;
};

export function readMessageQuery(query: URLSearchParams): MessageQuery {
  const filter = query.get("$filter");
  const condition = filter === null ? { sql: "1", values: [], properties: [], few: false } : parseFilter(filter);
  const search = readSearch(query.get("$search"));
  return {
    where: `${condition.sql} and ${search.sql}`,
    values: [...condition.values, ...search.values],
    orderBy: readOrder(query.get("$orderby"), condition, filter !== null),
    top: readNumber(query, "$top", defaultPage, largestPage),
    skip: readNumber(query, "$skip", 0, Number.MAX_SAFE_INTEGER),
    count: query.get("$count")?.toLowerCase() === "true",
  };
}

export function readNumber(query: URLSearchParams, name: string, otherwise: number, largest: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > largest || (name === "$top" && number < 1)) {
    throw badRequest(`Invalid value '${text}' for ${name} query option found.`);
  }
  return number;
}

/**
 * What is sorted by must be in the filter, in the same order, before anything else;
 * otherwise Exchange refuses (api/user-list-messages, "Using filter and orderby in the same query").
 */
function readOrder(order: string | null, { properties: filtered, few }: Condition, hasFilter: boolean): string {
  // The plus keeps SQLite from walking an index in this order (sqlite.org/optoverview.html, "Disqualifying terms").
  if (order === null) return few ? "+m.received_at desc, m.id desc" : "m.received_at desc, m.id desc";
  const parts = order.split(",").map((part) => part.trim().split(/\s+/));
  if (hasFilter && parts.some(([property = ""], position) => filtered[position] !== property.toLowerCase())) {
    throw badRequest("The restriction or sort order is too complex for this operation.", "InefficientFilter");
  }
  const sql = parts.map(([property = "", direction = "asc"]) => {
    if (!/^(asc|desc)$/i.test(direction)) throw badRequest(`Invalid $orderby: ${order}`);
    return `${columnOf(property).sql} ${direction.toLowerCase()}`;
  });
  const last = /desc$/i.test(order.trim()) ? "desc" : "asc";
  return [...sql, `m.id ${last}`].join(", ");
}

/** A plain $search looks at what lists show: subject, sender and preview. */
function readSearch(search: string | null): { sql: string; values: Value[] } {
  if (!search) return { sql: "1", values: [] };
  const words = search.replace(/^"|"$/g, "").replace(/[\\%_]/g, (sign) => `\\${sign}`);
  return {
    sql: "(m.subject || ' ' || m.from_address || ' ' || m.body_preview) like ? escape '\\'",
    values: [`%${words}%`],
  };
}

export function readSelect(query: URLSearchParams): Set<string> | null {
  const select = query.get("$select");
  if (!select) return null;
  const names = select.split(",").map((name) => name.trim());
  for (const name of names) {
    if (!messageProperties.has(name)) {
      throw badRequest(
        `Could not find a property named '${name}' on type 'microsoft.graph.message'.`,
        "RequestBroker--ParseUri",
      );
    }
  }
  return new Set(names);
}

export type Expansion = { attachments: { content: boolean } | null; properties: string[] };

/** $expand=attachments, with its own $select or not, and singleValueExtendedProperties($filter=id eq '…' or …). */
export function readExpand(query: URLSearchParams): Expansion {
  const expand = query.get("$expand") ?? "";
  const attachments = /(?:^|,)\s*attachments\s*(\(([^)]*)\))?/i.exec(expand);
  const properties = /singleValueExtendedProperties\s*\(\s*\$filter\s*=\s*(.*)\)/is.exec(expand);
  if (expand && !attachments && !properties)
    throw badRequest(`Could not expand '${expand}'.`, "RequestBroker--ParseUri");
  return {
    attachments: attachments && { content: !attachments[2] || /contentBytes/i.test(attachments[2]) },
    properties: [...(properties?.[1] ?? "").matchAll(/id\s+eq\s+'((?:[^']|'')*)'/gi)].map((found) =>
      (found[1] ?? "").replaceAll("''", "'"),
    ),
  };
}
