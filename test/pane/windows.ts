/** The built pane in a real browser, as Outlook frames it; the desk behind it is replaced at the network. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import express from "express";
import { paneRoutes } from "../../server/desk/pane.ts";
import { listen } from "../../server/platform/http.ts";
import { openBrowser } from "../browser.ts";
import { me } from "./desk.ts";

type Wish = {
  width?: number;
  height?: number;
  theme?: "light" | "dark";
  language?: string;
  forcedColors?: "active";
  /** A part of the pane that comes only when `release` is called. */
  late?: string;
  /** A part of the pane that does not come. */
  missing?: string;
  answers: Record<string, unknown>;
};

export type PaneWindows = Awaited<ReturnType<typeof paneWindows>>;

/** Builds and serves the pane. Call `close` in `afterAll`. */
export async function paneWindows() {
  execFileSync(process.execPath, ["addin/build.ts"]);
  const app = express();
  const listening = await listen(app, 0);
  const origin = `http://localhost:${listening.port}`;
  const officeJs = readFileSync("test/pane/office-js.js", "utf8");
  app.get("/office.js", (_, res) => void res.type("text/javascript").send(officeJs));
  app.use(
    paneRoutes({
      ENTRA_URL: "https://login.test",
      ENTRA_TENANT_ID: "6d2f8a34-6c1e-4b5a-9f0e-5a3d1c7b9e10",
      ENTRA_CLIENT_ID: "0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1",
      OFFICE_JS_URL: `${origin}/office.js`,
      OUTLOOK_ORIGINS: [origin],
      SANDBOX_SCRIPTS: [],
    }),
  );
  const browser = await openBrowser();

  /** A window with the pane in it, with everything it complained about and every host it wanted to reach. */
  async function open({
    width = 320,
    height = 720,
    theme = "light",
    language = "en-US",
    forcedColors,
    late,
    missing,
    answers,
  }: Wish) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      forcedColors: forcedColors ?? "none",
      // axe is put into the page by the test; the policy is looked at in served.test.ts and by `complaints`.
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    const strangers: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    // Reached only by what the page's policy lets out.
    await page.route(
      ({ hostname, protocol }) => protocol.startsWith("http") && hostname !== "localhost",
      (route) => {
        strangers.push(route.request().url());
        return route.abort();
      },
    );
    await page.route("**/api/**", (route) => {
      const { pathname } = new URL(route.request().url());
      const none = { waiting: 0, loops: 0 };
      const known: Record<string, unknown> = { "/api/me": me, "/api/held-mails/count": none, ...answers };
      return route.fulfill({ json: known[pathname] ?? null, status: pathname in known ? 200 : 404 });
    });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    if (late) await page.route(`**/assets/${late}-*.js`, (route) => released.then(() => route.continue()));
    if (missing) await page.route(`**/assets/${missing}-*.js`, (route) => route.abort());
    await page.goto(`${origin}/addin/pane.html?${new URLSearchParams({ theme, language })}`);
    return { page, complaints, strangers, release };
  }

  return {
    browser,
    app,
    origin,
    open,
    close: async () => {
      await browser.close();
      await listening.close();
    },
  };
}
