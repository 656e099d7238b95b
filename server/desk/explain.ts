import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { describeMail, type Explained, type ExplainedMatch } from "./mail/reading/describe.ts";
import { readMail } from "./mail/reading/read.ts";
import type { ReadMail, WholeMail } from "./mail/reading/read-mail.ts";

const USAGE = `npm run explain -- FILE|DIR|- [--json] [--no-match] [--trust AUTHSERV-ID]

What would this mail become, and why: everything that Deskhatch reads in it, whose it is and which ticket it belongs to.

  FILE|DIR|-      a mail, a folder of mails, or a mail on standard input
  --json          as JSON; of a folder, one line per mail, "file" first
  --no-match      without looking for contact and ticket: needs no database
  --trust ID      believe the Authentication-Results of this server (may be repeated)
`;

type Settings = { json: boolean; oneLine: boolean; match: boolean; trusted: string[] };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    "no-match": { type: "boolean", default: false },
    trust: { type: "string", multiple: true, default: [] },
    help: { type: "boolean", default: false },
  },
});

const [source] = positionals;
if (values.help || source === undefined) process.stdout.write(USAGE);
else {
  try {
    await explain(source, { json: values.json, oneLine: false, match: !values["no-match"], trusted: values.trust });
  } catch (error) {
    process.stderr.write(`explain: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function explain(place: string, settings: Settings): Promise<void> {
  if (place === "-") return explainOne(null, await buffer(process.stdin), settings);
  const there = await stat(place).catch(() => null);
  if (!there) throw new Error(`There is no file or folder ${place}.`);
  const isFolder = there.isDirectory();
  if (!isFolder) return explainOne(null, await readFile(place), settings);
  const entries = await readdir(place, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const name of files.sort())
    await explainOne(basename(name), await readFile(join(place, name)), { ...settings, oneLine: true });
}

async function explainOne(
  file: string | null,
  raw: Uint8Array,
  { json, oneLine, match, trusted }: Settings,
): Promise<void> {
  const mail = await readMail(raw, { trustedAuthservIds: trusted });
  const explained = { file, mail, matched: match ? await matchOf(mail) : null } satisfies Explained;
  await write(json ? `${asJson(explained, oneLine)}\n` : `${describeMail(explained)}\n`);
}

/** Matching needs the database, so it is loaded only when asked for. */
async function matchOf(mail: ReadMail): Promise<ExplainedMatch> {
  const { explainMatch } = await import("./mail/matching/explain-match.ts");
  return explainMatch(mail);
}

/** The bytes of attachments and the whole header are left out: their hashes and what was read in it are there. */
function asJson({ file, mail, matched }: Omit<Explained, "mail"> & { mail: WholeMail }, oneLine: boolean): string {
  const { headers: _headers, incomplete: _incomplete, attachments, ...rest } = mail;
  const files = attachments.map(({ content: _content, ...about }) => about);
  return JSON.stringify(
    { ...(file === null ? {} : { file }), ...rest, attachments: files, ...matched },
    null,
    oneLine ? 0 : 2,
  );
}

/** A pipe may be slower than we are. */
function write(text: string): Promise<void> {
  return new Promise((done) => process.stdout.write(text, () => done()));
}
