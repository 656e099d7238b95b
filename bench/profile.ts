/**
 * What the time of the intake goes into: `npm run bench -- profile [folder]`.
 * The desk and the sandbox run with Node's CPU profiler (the .cpuprofile files open in Chromium's DevTools),
 * PostgreSQL counts every statement. Shares are of the time that each was busy.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { z } from "zod";
import { startPostgres } from "../server/platform/database/embedded.ts";
import { openRooms } from "../server/platform/database/rooms.ts";
import { startProduct } from "../test/product.ts";
import { noBudgetAtGraph, run, withEveryMail } from "./intake.ts";

const count = 2000;

export async function profileIntake(folder = mkdtempSync(join(tmpdir(), "deskhatch-profile-"))) {
  const profiles = resolve(folder);
  mkdirSync(profiles, { recursive: true });
  const cluster = mkdtempSync(join(tmpdir(), "deskhatch-profile-postgres-"));
  const postgres = await startPostgres(cluster, { shared_preload_libraries: "pg_stat_statements" });
  try {
    const { desk, publisher, portal } = await openRooms(postgres, cluster);
    const product = await startProduct({
      env: {
        DATABASE_URL_DESK: desk,
        DATABASE_URL_PUBLISHER: publisher,
        DATABASE_URL_PORTAL: portal,
        NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}`,
      },
    });
    try {
      await noBudgetAtGraph(product);
      await statements(postgres.superuser, "create extension if not exists pg_stat_statements");
      for (const [name, domain] of Object.entries({ kept: "birkenfeld-werke.test", shown: "harbourlight.test" }))
        await withEveryMail(product, async (client) => {
          await run(product, client, { name: `warm${name}`, domain, count: 200 }, 4);
          await statements(postgres.superuser, "select pg_stat_statements_reset()");
          await run(product, client, { name, domain, count }, 4);
          say(`PostgreSQL, ${count} mails that are ${name}:`, await costliest(postgres.superuser));
        });
    } finally {
      await product.stop();
    }
    for (const file of readdirSync(profiles).filter((name) => name.endsWith(".cpuprofile"))) tell(join(profiles, file));
  } finally {
    await postgres.stop();
    rmSync(cluster, { recursive: true, force: true });
  }
}

const say = (title: string, lines: string[]) => process.stdout.write(`\n${title}\n${lines.join("\n")}\n`);

async function statements(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Time in execution and planning; the server's parsing and talking is not in it. */
async function costliest(superuser: string): Promise<string[]> {
  const rows = await statements(
    superuser,
    `select calls, total_exec_time + total_plan_time as ms, wal_bytes, regexp_replace(left(query, 150), '\\s+', ' ', 'g') as query
       from pg_stat_statements order by ms desc limit 30`,
  );
  return rows.map(
    ({ calls, ms, wal_bytes, query }) =>
      `${ms.toFixed(0).padStart(7)} ms ${String(calls).padStart(6)} × ${(Number(wal_bytes) / 1e6).toFixed(1).padStart(6)} MB WAL  ${query}`,
  );
}

const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** Where the samples of one process fell: by package or folder, and by function. */
function tell(file: string) {
  const { nodes, samples, timeDeltas } = Profile.parse(JSON.parse(readFileSync(file, "utf8")));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  samples.forEach((id, at) => {
    const frame = frames.get(id);
    if (!frame || /^\((idle|program)\)$/.test(frame.functionName)) return;
    const ms = (timeDeltas[at] ?? 0) / 1000;
    const part = partOf(frame);
    parts.set(part, (parts.get(part) ?? 0) + ms);
    const name = `${part} ${frame.functionName || "(anonymous)"}:${frame.lineNumber + 1}`;
    functions.set(name, (functions.get(name) ?? 0) + ms);
  });
  say(`${file}, by part:`, most(parts, 24));
  say(`${file}, by function:`, most(functions, 40));
}

function partOf({ url, functionName }: { url: string; functionName: string }) {
  if (functionName === "(garbage collector)") return functionName;
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const [, own] = /\/((?:server|sandbox|prisma|addin)\/.*)\.ts$/.exec(url) ?? [];
  return name ?? own ?? (url || "(native)");
}

function most(times: Map<string, number>, count: number) {
  const all = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  return [...times]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([name, ms]) => `${((100 * ms) / all).toFixed(1).padStart(5)} % ${ms.toFixed(0).padStart(7)} ms  ${name}`);
}
