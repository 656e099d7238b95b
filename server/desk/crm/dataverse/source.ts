/** Dataverse, and with it Dynamics 365 Sales and Customer Service, as a CRM: its accounts first, then its contacts. */
import { z } from "zod";
import type { CrmPage, CrmSource } from "../source.ts";
import type { AskDataverse } from "./ask.ts";
import { readChanges, type TablePage, tables } from "./changes.ts";

/** Each table has its link; `at` is the one that is being read. */
const Place = z.object({
  at: z.enum(tables),
  accounts: z.string().nullable(),
  contacts: z.string().nullable(),
});
const start: z.infer<typeof Place> = { at: "accounts", accounts: null, contacts: null };

export const dataverseSource = (ask: AskDataverse): CrmSource => ({
  id: "dataverse",
  name: "Dataverse",
  complete: true,
  namesOnce: false,
  read: async (from) => {
    const place = Place.nullable().parse(from) ?? start;
    const page = await readChanges(ask, place.at, place[place.at]);
    return pageFrom(place, page);
  },
  close: async () => {},
});

function pageFrom(place: z.infer<typeof Place>, { changes, link, more }: TablePage): CrmPage {
  const here = { ...place, [place.at]: link };
  if (more) return { changes, place: here, more: true };
  if (place.at === "accounts") return { changes, place: { ...here, at: "contacts" }, more: true };
  return { changes, place: { ...here, at: "accounts" }, more: false };
}
