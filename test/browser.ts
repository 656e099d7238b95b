import { existsSync } from "node:fs";
import { platform } from "node:os";
import { type Browser, chromium } from "playwright-core";

/** Nothing a browser does on its own: no updates, no sync, no talk with anybody but our servers. */
const quiet = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** What the packed browser would switch off, although our pages are to be judged by it. */
const laxities =
  /^--(disable-web-security|allow-running-insecure-content|disable-site-isolation-trials|single-process|no-zygote|headless=|disable-features=)/;

/**
 * A real browser: the one that npm brings (headless Chromium for Linux), elsewhere the Chrome that is installed.
 * `DESKHATCH_BROWSER` names another one.
 */
export async function openBrowser(args: string[] = []): Promise<Browser> {
  const named = process.env.DESKHATCH_BROWSER;
  if (named && !existsSync(named)) throw new Error(`DESKHATCH_BROWSER is ${named}, but there is no such file.`);
  if (named) return chromium.launch({ executablePath: named, args: [...quiet, ...args] });
  if (platform() !== "linux") return chromium.launch({ channel: "chrome", args: [...quiet, ...args] });

  const { default: packed } = await import("@sparticuz/chromium");
  return chromium.launch({
    executablePath: await packed.executablePath(),
    args: [...packed.args.filter((each) => !laxities.test(each)), ...quiet, ...args],
  });
}
