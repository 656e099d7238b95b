/** How fast contacts come in from a file, the first time and when nothing changed, and how much memory the command needs. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Product } from "../test/product.ts";
import { print } from "./measure.ts";

const perCompany = 10;

/** The dry run is of another list, so that it has to work out every line too. */
export async function measureImport(product: Product, count = 100_000) {
  const file = join(product.data, "import.csv");
  await writeContacts(file, count);
  const runs = { import: [], import_unchanged: [], import_dry_run: ["--dry-run", "--source", "another"] };
  for (const [name, options] of Object.entries(runs)) {
    const { seconds, rssMb } = await importFile(product, file, options);
    print(`${name}_contacts_per_s`, count / seconds, "contacts/s", count);
    print(`${name}_rss_mb`, rssMb, "MB", count);
  }
}

async function writeContacts(file: string, count: number) {
  const out = createWriteStream(file);
  out.write("id;name;email;email 2;company;website;language\n");
  for (let n = 0; n < count; n++) {
    const company = Math.floor(n / perCompany);
    const line = `B-${n};Person Number ${n};person${n}@company${company}.test;p${n}@home${company}.test;Company ${company};company${company}.test;de\n`;
    if (!out.write(line)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** The command as an administrator runs it; its memory is the most that Linux ever saw (VmHWM, proc_pid_status(5)). */
async function importFile({ addresses }: Product, file: string, options: string[]) {
  const began = performance.now();
  const child = spawn(process.execPath, ["server/cli.ts", "import", "contacts", file, ...options], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL_DESK: addresses.desk,
      DATABASE_URL_PUBLISHER: addresses.publisher,
      DATABASE_URL_PORTAL: addresses.portal,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let rssMb = 0;
  const watch = setInterval(() => {
    rssMb = Math.max(rssMb, mostMemory(child.pid));
  }, 100);
  const [code] = await once(child, "exit");
  clearInterval(watch);
  if (code !== 0) throw new Error(`The import ended with ${code}.`);
  return { seconds: (performance.now() - began) / 1000, rssMb };
}

function mostMemory(pid: number | undefined) {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}
