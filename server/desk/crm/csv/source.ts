/** A file as a CRM: every reading is a full one. */
import { basename } from "node:path";
import { z } from "zod";
import { type CrmChange, type CrmPage, type CrmSource, CrmTrouble } from "../source.ts";
import { columnOf } from "./columns.ts";
import { type Look, lookAt } from "./look.ts";
import { type Columns, readRow } from "./read-row.ts";
import { type Row, rowsOf } from "./rows.ts";

/** Which content is read, and how many of its rows are. A whole number of batches, so that each is the same again. */
const Place = z.object({ sha256: z.string(), rows: z.number(), done: z.boolean() });

const batch = 500;

export type CsvOptions = {
  id: string;
  complete: boolean;
  /** Finds the file to read, each time anew. */
  find: () => Promise<string>;
  /** Hears once for a reading which columns nobody knows. */
  ignored?: (headers: string[]) => void;
};

export function csvSource({ id, complete, find, ignored }: CsvOptions): CrmSource {
  let reading: Reading | null = null;

  const readingAt = async (file: string, look: Look, rows: number) => {
    if (reading?.sha256 === look.sha256 && reading.at === rows) return reading;
    await reading?.end();
    reading = await openReading(file, look, rows, ignored);
    return reading;
  };

  return {
    id,
    name: "the file",
    complete,
    namesOnce: true,
    read: async (from) => {
      const place = Place.nullable().parse(from);
      const file = await find();
      const look = reading && place && !place.done ? reading.look : await lookAt(file);
      if (place?.done && place.sha256 === look.sha256) return null;
      const sameFile = place && !place.done && place.sha256 === look.sha256;
      // Another file than the one we were in: it is read from its start, as a new reading.
      if (place && !sameFile) throw new CrmTrouble("resync", `${basename(file)} has changed.`);
      return (await readingAt(file, look, place?.rows ?? 0)).page();
    },
    close: async () => {
      await reading?.end();
    },
  };
}

type Reading = { sha256: string; look: Look; at: number; page: () => Promise<CrmPage>; end: () => Promise<void> };

async function openReading(file: string, look: Look, skip: number, ignored?: CsvOptions["ignored"]): Promise<Reading> {
  const rows = rowsOf(file, look);
  const columns = await readHeader(file, rows, ignored);
  const reading: Reading = {
    sha256: look.sha256,
    look,
    at: 0,
    page,
    end: async () => void (await rows.return(undefined)),
  };
  while (reading.at < skip && !(await rows.next()).done) reading.at++;
  return reading;

  async function page(): Promise<CrmPage> {
    const changes: CrmChange[] = [];
    const companies = new Set<string>();
    let done = false;
    for (let count = 0; count < batch && !done; count++) {
      const next = await rows.next();
      done = next.done ?? false;
      if (next.done) break;
      reading.at++;
      changes.push(...readRow(columns, next.value).filter((change) => isNews(companies, change)));
    }
    return { changes, place: { sha256: look.sha256, rows: reading.at, done }, more: !done };
  }
}

/** People of one company repeat what is said of it. */
function isNews(companies: Set<string>, change: CrmChange): boolean {
  if (!("record" in change) || change.record.kind !== "organization" || change.doubts?.length) return true;
  const said = JSON.stringify(change.record);
  const isNew = !companies.has(said);
  companies.add(said);
  return isNew;
}

async function readHeader(file: string, rows: AsyncGenerator<Row>, ignored?: CsvOptions["ignored"]): Promise<Columns> {
  let first = await rows.next();
  if (!first.done && /^sep=/i.test(first.value.cells.join(""))) first = await rows.next();
  if (first.done)
    throw new CrmTrouble("lasting", `${basename(file)} is empty. Its first line has to name the columns.`);
  const headers = first.value.cells.map((cell) => cell.trim());
  const columns = headers.map(columnOf);
  if (!columns.includes("address") && !columns.includes("organization"))
    throw new CrmTrouble(
      "lasting",
      `${basename(file)} has no column for addresses or organizations; its columns are: ${headers.join(", ")}. Name one of them email.`,
    );
  ignored?.(headers.filter((header, at) => header && !columns[at]));
  return columns;
}
