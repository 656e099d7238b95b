/** How the bench measures and prints. */
import { readdirSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}`;

/** One JSON object a line, as `npm run bench` promises. */
export function print(name: string, value: number, unit: string, n: number) {
  const rounded = Number(value.toPrecision(4));
  process.stdout.write(`${JSON.stringify({ name, value: rounded, unit, n, machine })}\n`);
}

function percentile(values: number[], percent: number) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export function printPercentiles(name: string, milliseconds: number[]) {
  print(`${name}_p50`, percentile(milliseconds, 50), "ms", milliseconds.length);
  print(`${name}_p95`, percentile(milliseconds, 95), "ms", milliseconds.length);
  print(`${name}_p99`, percentile(milliseconds, 99), "ms", milliseconds.length);
}

export async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const began = performance.now();
  const result = await work();
  return [result, performance.now() - began];
}

type ProcessFacts = { pid: number; parent: number; command: string; cpuMs: number; rssMb: number };

/** Clock ticks a second in /proc/<pid>/stat: 100 on every Linux that Node runs on (proc_pid_stat(5), sysconf). */
const ticks = 100;

/** Every process below `root`, from Linux's /proc. CPU counts what each used so far, user and system. */
function processesBelow(root: number): ProcessFacts[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => facts(Number(name)));
  const below = new Set([root]);
  for (let grown = -1; grown !== below.size; ) {
    grown = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  return all.filter(({ pid }) => below.has(pid));
}

function facts(pid: number): ProcessFacts[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    // Its own time, and that of its children which have ended: PostgreSQL's connections come and go.
    const cpuMs = (fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * 1000) / ticks;
    return [{ pid, parent: Number(fields[1]), command, cpuMs, rssMb: (pages * 4096) / 2 ** 20 }];
  } catch {
    // It ended between the listing and the reading.
    return [];
  }
}

const isDesk = ({ command }: ProcessFacts) => command.includes("server/main.ts");
const isPortal = ({ command }: ProcessFacts) => command.includes("server/portal.ts");
const isSandbox = ({ command }: ProcessFacts) => command.includes("sandbox/start.ts");
const isPostgres = ({ command }: ProcessFacts) => /postgres/.test(command) && !command.includes("node");

/** Milliseconds of CPU that each part of the product used so far. */
export function cpuUsed({ pid }: { pid: number }) {
  const processes = processesBelow(pid);
  const of = (is: (process: ProcessFacts) => boolean) =>
    processes.filter(is).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  return { desk: of(isDesk), postgres: of(isPostgres), sandbox: of(isSandbox), portal: of(isPortal) };
}

export const deskRssMb = ({ pid }: { pid: number }) =>
  processesBelow(pid)
    .filter(isDesk)
    .reduce((sum, { rssMb }) => sum + rssMb, 0);
