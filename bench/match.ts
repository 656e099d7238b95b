/**
 * Whose mail is it, and where does it belong, in a desk with years behind it: `npm run bench -- match`.
 * With --plans PostgreSQL's plan of the question is printed for each kind of mail.
 * Not among the usual figures: filling the tables takes some minutes. A folder after it keeps them for the next time.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { type Desk, type DeskTransaction, openDesk, transactOften } from "../server/desk/database.ts";
import { matchMail } from "../server/desk/mail/matching/match-mail.ts";
import { readMail } from "../server/desk/mail/reading/read.ts";
import { replyAddress, signThreadToken } from "../server/desk/mail/thread-token.ts";
import { startPostgres } from "../server/platform/database/embedded.ts";
import { migrate } from "../server/platform/database/migrate.ts";
import { openRooms } from "../server/platform/database/rooms.ts";
import { measureFinding } from "./find.ts";
import { fillLargeDesk, large, numbered } from "./large-desk.ts";
import { print, printPercentiles, timed } from "./measure.ts";

const secret = "a secret that only the bench has";
const rounds = 400;

/** `kept`: a folder in which the large desk stays for the next time. */
export async function measureMatching({ plans, kept }: { plans: boolean; kept: string | undefined }) {
  const folder = kept ?? mkdtempSync(join(tmpdir(), "deskhatch-match-"));
  const isFilled = existsSync(join(folder, "filled"));
  // The same settings as always, but that the filling is spared checkpoints, and that plans may be written down.
  const postgres = await startPostgres(folder, { max_wal_size: "8GB", ...(plans && explaining(folder)) });
  try {
    const { desk: url } = await openRooms(postgres, folder);
    await migrate("desk", url);
    if (!isFilled) await fill(postgres.superuser, folder);
    const desk = openDesk(url, 2);
    try {
      if (plans) return await printPlans(desk, join(folder, "log"));
      await measureEach(desk);
      await measureFinding(desk);
    } finally {
      await desk.$disconnect();
    }
  } finally {
    await postgres.stop();
    if (!kept) rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(superuser: string, folder: string) {
  const [, milliseconds] = await timed(() => fillLargeDesk(superuser, "desk"));
  print("large_desk_filled_s", milliseconds / 1000, "s", large.messages);
  writeFileSync(join(folder, "filled"), "");
}

/** One of each in turn, so that no kind finds the caches warmed for itself. */
async function measureEach(desk: Desk) {
  const took = new Map<string, number[]>(Object.keys(kinds).map((kind) => [kind, []]));
  for (let round = -20; round < rounds; round++)
    await transactOften(desk, async (tx) => {
      for (const [kind, write] of Object.entries(kinds)) {
        const [, milliseconds] = await timed(await toMatch(tx, write(some())));
        if (round >= 0) took.get(kind)?.push(milliseconds);
      }
    });
  for (const [kind, milliseconds] of took) printPercentiles(`match_${kind}_ms`, milliseconds);
  printPercentiles("match_ms", [...took.values()].flat());
}

type Written = { conversationId?: string } & ConstructorParameters<typeof MailComposer>[0];

const some = () => Math.floor(Math.random() * large.tickets);
const support = "support@deskhatch.test";

/** `n`: a ticket and its requester. */
const kinds: Record<string, (n: number) => Written> = {
  known_sender: (n) => ({ from: numbered.address(n), subject: "The conveyor stops again" }),
  reply_by_token: (n) => ({
    from: numbered.address(n),
    to: replyAddress(support, signThreadToken(numbered.threadKey(n), n + 1, secret)) ?? support,
    subject: "Re: The conveyor",
    conversationId: numbered.conversation(n),
  }),
  reply_by_references: (n) => ({
    from: numbered.address(n),
    subject: "Re: The conveyor",
    inReplyTo: numbered.messageId(n * 10 + 9),
    references: Array.from({ length: 10 }, (_, at) => numbered.messageId(n * 10 + at)),
    conversationId: numbered.conversation(n),
  }),
  subject_number: (n) => ({ from: numbered.address(n), subject: `About #${n + 1}` }),
  unknown_sender: (n) => ({ from: `stranger${n}@elsewhere-${n}.test`, subject: "A question" }),
  unknown_colleague: (n) => ({ from: `new${n}@${numbered.domain(n % large.organizations)}`, subject: "A question" }),
  role_address: (n) => ({ from: `info@${numbered.domain(n % large.organizations)}`, subject: "A question" }),
  forwarded: (n) => ({
    from: "agent7@deskhatch.test",
    subject: "Fwd: The conveyor",
    text: `Please have a look.\n\n---------- Forwarded message ---------\nFrom: Person <${numbered.address(n)}>\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nSubject: The conveyor\nTo: <agent7@deskhatch.test>\n\nIt stops.`,
  }),
};

async function toMatch(desk: DeskTransaction, { conversationId, ...written }: Written) {
  const raw = await new MailComposer({ to: support, text: "It stops after the third box.", ...written })
    .compile()
    .build();
  const domain = String(written.from).split("@")[1];
  const vouched = `Authentication-Results: bench.test; spf=pass smtp.mailfrom=${domain}; dkim=pass header.d=${domain}; dmarc=pass header.from=${domain}\r\n`;
  const mail = await readMail(Buffer.concat([Buffer.from(vouched), raw]), { trustedAuthservIds: ["bench.test"] });
  return () => matchMail(desk, mail, { secret, conversationId: conversationId ?? null });
}

/** PostgreSQL writes the plan of every statement that it runs into a log of its own. */
const explaining = (folder: string) => ({
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_buffers": "on",
  logging_collector: "on",
  log_directory: join(folder, "log"),
  log_min_messages: "log",
  log_line_prefix: "",
});

async function printPlans(desk: Desk, logs: string) {
  for (const [kind, write] of Object.entries(kinds)) {
    await transactOften(desk, async (tx) => void (await (await toMatch(tx, write(some())))()));
    const text = readdirSync(logs)
      .map((file) => readFileSync(join(logs, file), "utf8"))
      .join("");
    const last = text.slice(text.lastIndexOf("LOG:  duration"));
    process.stdout.write(
      `\n${kind}\n${last.slice(0, last.indexOf("Query Text"))}${last.slice(last.search(/^\t\w.*cost=/m))}`,
    );
  }
}
