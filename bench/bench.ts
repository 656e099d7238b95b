/**
 * `npm run bench`: measures the whole product as a person starts it, and prints one JSON object per figure.
 *   npm run bench -- portal pane     only these: start, release, pane, sizes, portal, intake, webhook, large, import
 *   npm run bench -- profile         what the time of the intake goes into
 *   npm run bench -- match           matching and searching with a million contacts; --plans: PostgreSQL's plans
 *   npm run bench -- storm 10000     how long others wait while one sender writes that many mails
 *   npm run bench -- crowd 5000      how long others wait while so many people write to another mailbox at once
 *   npm run bench -- import 1000000  a file of so many contacts: dry run, import, and again unchanged
 */
import { type Product, startProduct } from "../test/product.ts";
import { measureImport } from "./import.ts";
import { measureIntake } from "./intake.ts";
import { measureLargeMails } from "./large-mails.ts";
import { measureMatching } from "./match.ts";
import { measurePane } from "./pane.ts";
import { measurePortal } from "./portal.ts";
import { profileIntake } from "./profile.ts";
import { measureRelease } from "./release.ts";
import { measureSizes } from "./sizes.ts";
import { measureStart } from "./start.ts";
import { measureCrowd, measureStorm } from "./storm.ts";
import { measureWebhook } from "./webhook.ts";

const all: Record<string, (product: Product) => Promise<void>> = {
  release: measureRelease,
  pane: measurePane,
  sizes: measureSizes,
  portal: measurePortal,
  intake: measureIntake,
  webhook: measureWebhook,
  // Last: a hundred thousand contacts stay.
  import: measureImport,
};

const wanted = process.argv.slice(2);
const [command, argument] = wanted;
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
const unknown = wanted.find((name) => !["start", "large"].includes(name) && !all[name]);

if (command === "profile") await profileIntake(argument);
else if (command === "storm") await measureStorm(argument ? Number(argument) : undefined);
else if (command === "crowd") await measureCrowd(argument ? Number(argument) : undefined);
else if (command === "import" && argument) await measureEach([(product) => measureImport(product, Number(argument))]);
else if (command === "match")
  await measureMatching({
    plans: wanted.includes("--plans"),
    kept: wanted.slice(1).find((word) => word !== "--plans"),
  });
else if (unknown) {
  process.stderr.write(
    `There is nothing called ${unknown} to measure. There are: start, large, ${Object.keys(all).join(", ")}.\n`,
  );
  process.exitCode = 2;
} else {
  if (isWanted("start")) await measureStart();
  const measures = Object.entries(all).filter(([name]) => isWanted(name));
  if (measures.length) await measureEach(measures.map(([, measure]) => measure));
  if (isWanted("large")) await measureLargeMails();
}

async function measureEach(measures: ((product: Product) => Promise<void>)[]) {
  const product = await startProduct();
  try {
    for (const measure of measures) await measure(product);
  } finally {
    await product.stop();
  }
}
