/** A contact of ours in Dataverse, under our own id; and an address that an agent taught, in the first free place. */
import { z } from "zod";
import type { CrmContact, CrmWriter, PersonToBring, Written } from "../source.ts";
import type { AskDataverse } from "./ask.ts";
import { unreadable } from "./trouble.ts";

export const dataverseWriter = (ask: AskDataverse): CrmWriter => ({
  id: "dataverse",
  bring: async (person) => {
    if (person.externalId) return addAddress(ask, person.externalId, person);
    const found = await find(ask, person.addresses);
    if (found && (await person.isOthers(found)))
      return {
        refused: `Dataverse has ${person.addresses[0]} at another contact of ours. If they are one person, merge the two.`,
      };
    if (found) return addAddress(ask, found, person);
    await create(ask, person);
    return { externalId: person.id, said: recordOf(person.id, person) };
  },
});

const places = ["emailaddress1", "emailaddress2", "emailaddress3"] as const;

const recordOf = (externalId: string, { name, addresses, organization }: PersonToBring): CrmContact => ({
  kind: "contact",
  externalId,
  name,
  addresses: addresses.slice(0, places.length),
  organization,
});

/** Somebody may have made the contact there a moment ago. */
async function find(ask: AskDataverse, addresses: string[]): Promise<string | null> {
  const [first] = addresses;
  if (!first) return null;
  const same = places.map((place) => `${place} eq '${first.replaceAll("'", "''")}'`).join(" or ");
  const path = `contacts?$select=contactid&$filter=${encodeURIComponent(same)}`;
  const found = await ask.json(z.object({ value: z.array(z.object({ contactid: z.uuid() })) }), {
    method: "GET",
    path,
  });
  return found === "gone" ? null : (found.value[0]?.contactid ?? null);
}

/**
 * Under our own id and only if it is not there: however often it is asked, there is one
 * (webapi/perform-conditional-operations-using-web-api, "Prevent update in upsert").
 */
async function create(ask: AskDataverse, { id, name, addresses, organization }: PersonToBring) {
  const words = name.split(/\s+/);
  await ask.done({
    method: "PATCH",
    path: `contacts(${id})`,
    headers: { "If-None-Match": "*" },
    body: {
      firstname: words.slice(0, -1).join(" ") || null,
      lastname: words.at(-1) ?? name,
      ...Object.fromEntries(places.map((place, at) => [place, addresses[at] ?? null])),
      ...(organization && { "parentcustomerid_account@odata.bind": `/accounts(${organization})` }),
    },
  });
}

const text = z.string().nullish();
const Row = z.object({
  "@odata.etag": z.string(),
  fullname: text,
  emailaddress1: text,
  emailaddress2: text,
  emailaddress3: text,
  _parentcustomerid_value: text,
});

/** Somebody else may write at the same moment: then we look again. */
async function addAddress(
  ask: AskDataverse,
  externalId: string,
  person: PersonToBring,
  attempts = 4,
): Promise<Written> {
  const path = `contacts(${externalId})`;
  const row = await ask.json(Row, {
    method: "GET",
    path: `${path}?$select=fullname,${places.join(",")},_parentcustomerid_value`,
  });
  const gone = {
    refused: `${person.name} is not in Dataverse any more. Add the address there by hand, if it is still needed.`,
  };
  if (row === "gone") return gone;
  const there = places.flatMap((place) => row[place]?.trim().toLowerCase() || []);
  const said: CrmContact = {
    ...recordOf(externalId, person),
    name: row.fullname || person.name,
    addresses: there,
    organization: row._parentcustomerid_value ?? null,
  };
  const { taught } = person;
  if (!taught || there.includes(taught)) return { externalId, said };
  const free = places.find((place) => !row[place]?.trim());
  if (!free)
    return { refused: `${person.name} has three addresses in Dataverse already, so ${taught} is known here only.` };

  const headers = { "If-Match": row["@odata.etag"] };
  const outcome = await ask.done({ method: "PATCH", path, headers, body: { [free]: taught } });
  if (outcome === "gone") return gone;
  if (outcome === "done") return { externalId, said: { ...said, addresses: [...there, taught] } };
  if (attempts === 1) throw unreadable(new Error("The row changes faster than we can write."));
  return addAddress(ask, externalId, person, attempts - 1);
}
