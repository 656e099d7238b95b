import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { deskApp, tenantId } from "../../sandbox/world.ts";
import { openBrowser } from "../browser.ts";
import { aSandbox, type SandboxWorld } from "./world.ts";

let world: SandboxWorld;
let browser: Browser;

// The bundles are not among the package's exports.
const library = (name: string) =>
  readFileSync(new URL(`../../node_modules/@azure/msal-browser/${name}`, import.meta.url), "utf8");

/** A page of the add-in's origin that signs in as the pane does when Outlook has no bridge (facts of msal-browser 5). */
const pages: RequestListener = (request, response) => {
  const path = new URL(request.url ?? "", "https://localhost").pathname;
  const script = (text: string) => response.writeHead(200, { "content-type": "text/javascript" }).end(text);
  const html = (text: string) => response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html>${text}`);
  if (path === "/msal.js") return script(library("lib/msal-browser.min.js"));
  if (path === "/bridge.js") return script(library("lib/redirect-bridge/msal-redirect-bridge.min.js"));
  if (path === "/redirect.html")
    return html('<script src="/bridge.js"></script><script>msalRedirectBridge.broadcastResponseToMainFrame()</script>');
  if (path === "/pane.html") return html('<button>Sign in</button><script src="/msal.js"></script>');
  response.writeHead(404).end();
};

beforeAll(async () => {
  world = await aSandbox({ desk: pages });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await world.end();
});

test.each(["AAD", "OIDC"])("Anna signs in through the popup with msal-browser, protocol %s", async (protocolMode) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${world.sandbox.addinUrl}/pane.html`);
  await page.evaluate(
    ({ url, tenant, clientId, scope, mode }) => {
      const button = document.querySelector("button");
      const config = {
        auth: {
          clientId,
          authority: `${url}/${tenant}`,
          knownAuthorities: [new URL(url).host],
          redirectUri: `${location.origin}/redirect.html`,
        },
        system: { protocolMode: mode },
      };
      button?.addEventListener("click", async () => {
        // biome-ignore lint/suspicious/noExplicitAny: the library is a global of this page.
        const { msal } = window as any;
        const application = await msal.createStandardPublicClientApplication(config);
        const signedIn = await application
          .acquireTokenPopup({ scopes: [scope] })
          .catch((problem: Error) => ({ problem: String(problem) }));
        const again = signedIn.account
          ? await application.acquireTokenSilent({ scopes: [scope], account: signedIn.account, forceRefresh: true })
          : null;
        document.title = JSON.stringify({ signedIn, again });
      });
    },
    { url: world.sandbox.url, tenant: tenantId, clientId: deskApp.clientId, scope: deskApp.scope, mode: protocolMode },
  );

  const opened = context.waitForEvent("page");
  await page.getByRole("button").click();
  const popup = await opened;
  await popup.getByRole("button", { name: /Anna Albrecht/ }).click();
  await page.waitForFunction(() => document.title.startsWith("{"));
  const { signedIn, again } = JSON.parse(await page.title());
  expect(signedIn.problem).toBeUndefined();
  expect(signedIn.account).toMatchObject({ username: "anna@deskhatch.test", tenantId });
  expect(again.accessToken).toBeTruthy();
  expect(again.accessToken).not.toBe(signedIn.accessToken);
  await context.close();
});
