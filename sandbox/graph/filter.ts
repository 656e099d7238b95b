import { normalProperty } from "../exchange/drafts.ts";
import { graphTime } from "../exchange/messages.ts";
import type { Value } from "../store.ts";
import { badRequest } from "./problem.ts";

/**
 * A $filter as a condition on `message m`, and the properties it names, in order.
 * `few`: it can only be true of a handful of mails, so looking for them beats walking through the folder in order.
 */
export type Condition = { sql: string; values: Value[]; properties: string[]; few: boolean };

const identifying = new Set(["internetmessageid", "conversationid"]);

type Column = { sql: string; type: "text" | "time" | "boolean" };

/** What may be filtered and sorted by, and where the store keeps it. Texts compare without case: the columns say so. */
const columns = new Map<string, Column>(
  Object.entries({
    subject: { sql: "m.subject", type: "text" },
    internetmessageid: { sql: "m.internet_message_id", type: "text" },
    conversationid: { sql: "m.conversation_id", type: "text" },
    parentfolderid: { sql: "(select public_id from folder where id = m.folder_id)", type: "text" },
    "from/emailaddress/address": { sql: "m.from_address", type: "text" },
    "sender/emailaddress/address": { sql: "m.from_address", type: "text" },
    importance: { sql: "(m.fields ->> '$.importance') collate nocase", type: "text" },
    receiveddatetime: { sql: "m.received_at", type: "time" },
    sentdatetime: { sql: "m.sent_at", type: "time" },
    createddatetime: { sql: "m.created_at", type: "time" },
    lastmodifieddatetime: { sql: "m.modified_at", type: "time" },
    isread: { sql: "m.is_read", type: "boolean" },
    isdraft: { sql: "m.is_draft", type: "boolean" },
    hasattachments: { sql: "m.has_attachments", type: "boolean" },
  }),
);

export function columnOf(property: string): Column {
  const column = columns.get(property.toLowerCase());
  if (!column) throw badRequest(`The property '${property}' cannot be used in a query.`, "ErrorInvalidUrlQueryFilter");
  return column;
}

const operators = new Map(Object.entries({ eq: "=", ne: "<>", gt: ">", ge: ">=", lt: "<", le: "<=" }));

/** Exchange refuses long restrictions too; this also keeps SQLite's expressions shallow. */
const mostTokens = 300;

/** The subset of OData's filter language that mail programs use (OData 4.01 part 2, 5.1.1). */
export function parseFilter(filter: string): Condition {
  const tokens = tokenize(filter);
  const properties: string[] = [];
  const values: Value[] = [];
  let at = 0;
  let few = false;

  const peek = () => tokens[at]?.toLowerCase();
  const next = () => tokens[at++] ?? fail();
  const expect = (token: string) => (next().toLowerCase() === token ? undefined : fail());
  const fail = (): never => {
    throw badRequest(`Invalid filter clause: ${filter}`, "ErrorInvalidUrlQueryFilter");
  };

  const any = (): string => {
    const parts = [all()];
    while (peek() === "or") {
      at++;
      parts.push(all());
    }
    return parts.length > 1 ? `(${parts.join(" or ")})` : (parts[0] ?? fail());
  };

  const all = (): string => {
    const parts = [term()];
    while (peek() === "and") {
      at++;
      parts.push(term());
    }
    return parts.join(" and ");
  };

  const term = (): string => {
    if (peek() === "not") {
      at++;
      return `not (${term()})`;
    }
    if (peek() === "(") {
      at++;
      const inside = any();
      expect(")");
      return `(${inside})`;
    }
    const word = next();
    if (peek() === "(" && isFunction(word)) return call(word);
    if (/^(single)ValueExtendedProperties\/any$/i.test(word)) return extendedProperty();
    if (/^categories\/any$/i.test(word)) return category();
    return comparison(word);
  };

  const comparison = (property: string): string => {
    const { sql, type } = columnOf(property);
    const operator = operators.get(next().toLowerCase()) ?? fail();
    properties.push(property.toLowerCase());
    few ||= identifying.has(property.toLowerCase()) && operator === "=";
    values.push(literal(next(), type));
    return `${sql} ${operator} ?`;
  };

  const call = (name: string): string => {
    expect("(");
    const property = next();
    expect(",");
    const text = String(literal(next(), "text"));
    expect(")");
    properties.push(property.toLowerCase());
    const place =
      { startswith: [text, ""], contains: [text, "%"], endswith: [text, "%"] }[name.toLowerCase()] ?? fail();
    const escaped = text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
    values.push(`${place[1]}${escaped}${name.toLowerCase() === "endswith" ? "" : "%"}`);
    return `${columnOf(property).sql} like ? escape '\\'`;
  };

  const extendedProperty = (): string => {
    expect("(");
    const variable = next().replace(/:$/, "");
    if (peek() === ":") at++;
    const wanted: Record<string, string> = {};
    while (true) {
      const [owner, field = ""] = next().split("/");
      if (owner !== variable) fail();
      expect("eq");
      wanted[field.toLowerCase()] = String(literal(next(), "text"));
      if (peek() !== "and") break;
      at++;
    }
    expect(")");
    if (wanted.id === undefined) fail();
    few = true;
    values.push(normalProperty(wanted.id ?? ""));
    if (wanted.value === undefined) return "m.id in (select message_id from extended_property where property = ?)";
    values.push(wanted.value);
    return "m.id in (select message_id from extended_property where property = ? and value = ?)";
  };

  const category = (): string => {
    expect("(");
    const variable = next().replace(/:$/, "");
    if (peek() === ":") at++;
    if (next() !== variable) fail();
    expect("eq");
    values.push(literal(next(), "text"));
    expect(")");
    return "exists (select 1 from json_each(m.fields, '$.categories') where value = ?)";
  };

  const literal = (token: string, type: Column["type"]): Value => {
    if (type === "boolean") return token.toLowerCase() === "true" ? 1 : token.toLowerCase() === "false" ? 0 : fail();
    if (type === "time") {
      const time = new Date(token.replace(/^'|'$/g, ""));
      return Number.isNaN(time.getTime()) ? fail() : graphTime(time);
    }
    return /^'.*'$/s.test(token) ? token.slice(1, -1).replaceAll("''", "'") : fail();
  };

  const sql = any();
  if (at < tokens.length) fail();
  return { sql, values, properties, few };
}

const isFunction = (word: string) => /^(startswith|contains|endswith)$/i.test(word);

function tokenize(filter: string): string[] {
  const tokens = filter.match(/'(?:[^']|'')*'|[(),:]|[^\s(),:']+(?::\d{2}[^\s(),']*)*/g) ?? [];
  const readable = tokens.join("").replace(/\s/g, "").length === filter.replace(/\s/g, "").length;
  if (!readable || tokens.length === 0) {
    throw badRequest(`Invalid filter clause: ${filter}`, "ErrorInvalidUrlQueryFilter");
  }
  if (tokens.length > mostTokens) {
    throw badRequest("The restriction or sort order is too complex for this operation.", "InefficientFilter");
  }
  return tokens;
}
