import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import iconv from "iconv-lite";
import { CrmTrouble } from "../source.ts";
import type { Look } from "./look.ts";

export type Row = { line: number; cells: string[] };

/** A cell larger than this is a quote that nobody closed. */
const largestRow = 1024 * 1024;

/** The rows of a file, one after the other: never the whole file at once. */
export async function* rowsOf(file: string, { encoding, delimiter }: Look): AsyncGenerator<Row> {
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: largestRow,
  });
  // What goes wrong arrives through the parser, which the pipeline destroys with it.
  pipeline(createReadStream(file), iconv.decodeStream(encoding), parser, () => {});
  let at = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      // The parser counts lines up to a row's end; cells may hold some of them.
      const inside = record.reduce((sum, cell) => sum + cell.split(/\r\n|\n|\r/).length - 1, 0);
      at = info.lines;
      yield { line: at - inside, cells: record };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new CrmTrouble(
      "lasting",
      `${file} cannot be read after line ${at}: a cell begins with a quote that does not end. Correct the file.`,
      { cause },
    );
  }
}
