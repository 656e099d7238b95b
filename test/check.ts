/**
 * `npm run check`: everything that can be known without running the product, side by side.
 * The compiler also guards the rooms: each is a project that lists only its own files and those it may import (TS6307).
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name: string) => `${root}/node_modules/.bin/${name}`;

const checks: Record<string, [string, ...string[]]> = {
  "types and room boundaries": [bin("tsc"), "-b"],
  "lint and format": [bin("biome"), "ci", "--reporter=summary", "."],
  manifest: [process.execPath, "addin/manifest/check.ts"],
  "migrations agree with the schemas": [process.execPath, "prisma/check.ts"],
};

const results = await Promise.all(Object.entries(checks).map(([name, command]) => run(name, command)));
for (const { name, ok, seconds, output } of results) {
  process.stdout.write(`${ok ? "ok    " : "FAILED"}  ${name} (${seconds.toFixed(1)} s)\n`);
  if (!ok) process.stdout.write(`${output.trim()}\n\n`);
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

function run(name: string, [command, ...args]: [string, ...string[]]) {
  const began = performance.now();
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise<{ name: string; ok: boolean; seconds: number; output: string }>((done) =>
    child.once("close", (code) => done({ name, ok: code === 0, seconds: (performance.now() - began) / 1000, output })),
  );
}
