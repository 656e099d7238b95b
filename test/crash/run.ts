/**
 * `npm run test:crash -- --kills N [--seed S] [--minutes M] [--late SECONDS]`: kills the product's processes, and finds out whether anything got lost.
 * `npm run test:crash -- --gently N [--seed S]`: stops and starts them in order instead, and finds out whether anybody noticed.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { crash } from "./crash.ts";
import { gently } from "./gently.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string" },
    gently: { type: "string" },
    seed: { type: "string" },
    minutes: { type: "string" },
    late: { type: "string" },
  },
});
const minutes = Number(values.minutes ?? Infinity);
const late = Number(values.late ?? 120);
const restarts = values.gently === undefined ? null : Number(values.gently);
const kills = Number(values.kills ?? 100);
const seed = values.seed ?? randomBytes(4).toString("hex");

if (![kills, restarts ?? 1].every((count) => Number.isInteger(count) && count >= 1)) {
  process.stderr.write("Give --kills or --gently a whole number, such as 100.\n");
  process.exit(2);
}

for (const sign of ["SIGINT", "SIGTERM"]) process.once(sign, () => process.exit(130));

const say = (line: string) => process.stdout.write(`${line}\n`);
const wish =
  restarts === null ? `--kills ${kills} --seed ${seed} --late ${late}` : `--gently ${restarts} --seed ${seed}`;
say(wish);
const { failures, ...report } = await (restarts === null
  ? crash({ kills, seed, minutes, late, say })
  : gently({ restarts, seed, say }));
for (const failure of failures) say(failure);
say(JSON.stringify(report, null, 2));
say(failures.length === 0 ? "Nothing lost, nothing doubled." : `Again with: npm run test:crash -- ${wish}`);
process.exit(failures.length === 0 ? 0 : 1);
