/** What a line of a file says of a contact and a company. */
import { canonicalAddress } from "../../../platform/mail-address.ts";
import { longestAddress } from "../clean.ts";
import { type CrmChange, type CrmContact, type CrmOrganization, CrmPortalScope } from "../source.ts";
import type { Column } from "./columns.ts";
import type { Row } from "./rows.ts";

export type Columns = (Column | null)[];

export function readRow(columns: Columns, { line, cells }: Row): CrmChange[] {
  const said = new Map<Column, string[]>();
  for (const [at, column] of columns.entries()) {
    const words = clean(cells[at] ?? "");
    if (column && words) said.set(column, [...(said.get(column) ?? []), words]);
  }
  if (said.size === 0) return [];
  const has = new Set(columns);
  const doubts: string[] = [];
  const company = companyOf(said, line, doubts);
  const person = personOf(said, has, company, line, doubts);
  if (!person && !company)
    return [{ line, unreadable: `Line ${line} names neither a person with an address or an id, nor an organization.` }];
  return [
    ...(company ? [{ record: company, line, ...(!person && { doubts }) }] : []),
    ...(person ? [{ record: person, line, doubts }] : []),
  ];
}

/** A cell is text, whatever it begins with: a formula is never worked out. NUL is what PostgreSQL cannot keep. */
const clean = (cell: string) => cell.replaceAll("\0", "").trim();

/** Longer than any name or id: somebody's notes slipped into the column. */
const longest = 200;

type Said = Map<Column, string[]>;
const first = (said: Said, column: Column) => said.get(column)?.[0];
const listed = (said: Said, column: Column, between: RegExp) =>
  (said.get(column) ?? [])
    .flatMap((cell) => cell.split(between))
    .map((word) => word.trim())
    .filter(Boolean);

function companyOf(said: Said, line: number, doubts: string[]): CrmOrganization | null {
  const id = idOf(first(said, "organizationId"), line, doubts);
  const name = first(said, "organization")?.slice(0, longest);
  if (id && !name) doubts.push(`Line ${line} names the organization ${id} by its id only. Give its name too.`);
  if (!name) return null;
  const language = languageOf(first(said, "organizationLanguage"), doubts);
  const timeZone = timeZoneOf(first(said, "timeZone"), doubts);
  const portalScope = portalScopeOf(first(said, "portalScope"), doubts);
  const domains = listed(said, "domains", /[;,\s]/).map(hostOf);
  return {
    kind: "organization",
    externalId: id ?? `name:${name.toLowerCase()}`,
    name,
    ...(domains.length && { domains }),
    ...(language && { language }),
    ...(timeZone && { timeZone }),
    ...(portalScope && { portalScope }),
  };
}

function personOf(
  said: Said,
  has: ReadonlySet<Column | null>,
  company: CrmOrganization | null,
  line: number,
  doubts: string[],
): CrmContact | null {
  const addresses = listed(said, "address", /[;,|\n]/).map(addressIn);
  const id = idOf(first(said, "id"), line, doubts);
  const given = [first(said, "firstName"), first(said, "lastName")].filter(Boolean).join(" ");
  const [address] = addresses.filter(({ length }) => length <= longestAddress);
  const name = (first(said, "name") || given || (address?.split("@")[0] ?? "")).slice(0, longest);
  const key = id ?? (address && `address:${canonicalAddress(address) ?? address.toLowerCase()}`);
  if (!key || !name) {
    if (name && company)
      doubts.push(
        `${name} has neither an address nor an id, so nobody could be recognised the next time. Only the organization was read.`,
      );
    return null;
  }
  const knowsCompanies = has.has("organization") || has.has("organizationId");
  const language = languageOf(first(said, "language"), doubts);
  return {
    kind: "contact",
    externalId: key,
    name,
    addresses,
    ...(knowsCompanies && { organization: company?.externalId ?? null }),
    ...(language && { language }),
  };
}

function idOf(id: string | undefined, line: number, doubts: string[]): string | undefined {
  if (!id || id.length <= longest) return id;
  doubts.push(`Line ${line} has an id of more than ${longest} signs, which is left out. Correct it there.`);
  return undefined;
}

/** `mailto:a@x.test`, `<a@x.test>` and `Alice <a@x.test>` all name an address. */
const addressIn = (word: string) => (/<([^<>]+)>$/.exec(word)?.[1] ?? word).replace(/^mailto:/i, "").trim();

/** https://www.example.com/contact is the website of example.com. */
const hostOf = (word: string) =>
  word
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/^@/, "")
    .replace(/^www\./, "")
    .split(/[/:?#]/)[0] ?? "";

/** A code, or the language's name in English or German. */
function languageOf(word: string | undefined, doubts: string[]): string | undefined {
  if (!word) return undefined;
  const code = languageNames.get(word.toLowerCase()) ?? word.toLowerCase().split(/[-_]/)[0] ?? "";
  if (languageCodes.has(code)) return code;
  doubts.push(`“${word}” is no language we know. Write its code, such as en or de.`);
  return undefined;
}

const languageCodes = new Set(
  "en de fr es it nl pt pl cs sk sl hr sv da fi nb no et lv lt hu ro bg el tr ru uk ja zh ko ar he".split(" "),
);
const languageNames = new Map(
  ["en", "de"].flatMap((inLanguage) => {
    const names = new Intl.DisplayNames(inLanguage, { type: "language" });
    return [...languageCodes].map((code): [string, string] => [(names.of(code) ?? code).toLowerCase(), code]);
  }),
);

function timeZoneOf(word: string | undefined, doubts: string[]): string | undefined {
  if (!word) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: word }).resolvedOptions().timeZone;
  } catch {
    doubts.push(`“${word}” is no time zone. Write it like Europe/Berlin.`);
    return undefined;
  }
}

const scopes: Record<string, string> = {
  new: "only_new",
  neue: "only_new",
  nur_neue: "only_new",
  alle: "all",
  keine: "none",
  no: "none",
  nein: "none",
};

function portalScopeOf(word: string | undefined, doubts: string[]) {
  if (!word) return undefined;
  const written = word.toLowerCase().replace(/[\s-]+/g, "_");
  const scope = CrmPortalScope.safeParse(scopes[written] ?? written);
  if (scope.success) return scope.data;
  doubts.push(`“${word}” is no portal scope. Write all, only_new or none.`);
  return undefined;
}
