/** How long an agent waits for what a search finds, in the large desk. */

import { findContacts, findOrganizations } from "../server/desk/contacts/find.ts";
import type { AgentContext } from "../server/desk/context.ts";
import type { Desk } from "../server/desk/database.ts";
import { findTickets } from "../server/desk/tickets/find.ts";
import { printPercentiles, timed } from "./measure.ts";

const rounds = 10;

/** A whole name, a beginning, the middle of a word, a frequent word, an address, nothing at all. */
const searches = [
  "Alice Moreau 4321",
  "Kowals",
  "lbrec",
  "marie",
  "person77123@company-77123.test",
  "company-4711",
  "Zzyzx",
];

export async function measureFinding(desk: Desk) {
  const context = { desk, agent: { id: "00000000-0000-7000-8000-000000000000" } } as AgentContext;
  const finds: Record<string, (search: string) => Promise<unknown>> = {
    find_contacts_ms: (search: string) => findContacts.run({ search }, context),
    find_organizations_ms: (search: string) => findOrganizations.run({ search }, context),
    find_tickets_ms: (search: string) => findTickets.run(findTickets.input.parse({ search }), context),
  };
  for (const [name, find] of Object.entries(finds)) {
    const took: number[] = [];
    for (let round = 0; round < rounds; round++)
      for (const search of searches) {
        const [, milliseconds] = await timed(() => find(search));
        took.push(milliseconds);
      }
    printPercentiles(name, took);
  }
}
