/** `npm run test:crash -- --kills N [--seed S] [--minutes M] [--late SECONDS]`: kills the product's processes, and finds out whether anything got lost. */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { crash } from "./crash.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string" },
    seed: { type: "string" },
    minutes: { type: "string" },
    late: { type: "string" },
  },
});
const minutes = Number(values.minutes ?? Infinity);
const late = Number(values.late ?? 120);
const kills = Number(values.kills ?? 100);
const seed = values.seed ?? randomBytes(4).toString("hex");

if (!Number.isInteger(kills) || kills < 1) {
  process.stderr.write(`--kills is "${values.kills}". Give a whole number, such as 100.\n`);
  process.exit(2);
}

for (const sign of ["SIGINT", "SIGTERM"]) process.once(sign, () => process.exit(130));

const say = (line: string) => process.stdout.write(`${line}\n`);
say(`${kills} kills, seed ${seed}`);
const { failures, ...report } = await crash({ kills, seed, minutes, late, say });
for (const failure of failures) say(failure);
say(JSON.stringify(report, null, 2));
say(
  failures.length === 0
    ? "Nothing lost, nothing doubled."
    : `Again with: npm run test:crash -- --kills ${kills} --seed ${seed} --late ${late}`,
);
process.exit(failures.length === 0 ? 0 : 1);
