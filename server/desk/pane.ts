/**
 * Serves the task pane's pages and assets from their build, and tells the pane what it must know of its surroundings.
 * A page is framed by Outlook and by nobody else, and runs our scripts and Outlook's and no others.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Request, type Response, Router, static as serveFiles } from "express";
import type { DeskSettings } from "../platform/config.ts";
import { notFound } from "../platform/problems.ts";

/** Where addin/build.ts puts the built pane. */
const build = fileURLToPath(new URL("../../.data/build/addin", import.meta.url));

type PaneSettings = Pick<
  DeskSettings,
  "ENTRA_URL" | "ENTRA_TENANT_ID" | "ENTRA_CLIENT_ID" | "OFFICE_JS_URL" | "OUTLOOK_ORIGINS" | "SANDBOX_SCRIPTS"
>;

/** The pages and assets under /addin; build them first with `buildAddin` of addin/build.ts. */
export function paneRoutes(settings: PaneSettings, folder = build): Router {
  const pane = paneWithSettings(readPage(folder, "pane"), settings);
  const paneHeaders = headersOf(panePolicy(settings));
  const windowHeaders = headersOf(windowPolicy(settings));
  // A page goes out with its policy however its address was written (/addin//pane.html).
  const setHeaders = (res: Response, path: string) => {
    if (path.endsWith(".html")) res.set(paneHeaders);
    nosniff(res);
  };

  return Router()
    .get(["/addin", "/addin/", "/addin/pane.html"], (req, res) => sendPage(req, res, pane, paneHeaders))
    .get("/addin/:page.html", (req, res) => {
      const name = basename(req.params.page);
      // The sign-in's own pages, and help.
      if (!["redirect", "relay", "help"].includes(name)) throw notFound("This page");
      sendPage(req, res, readPage(folder, name), windowHeaders);
    })
    .get("/addin/assets/:asset", sendAsset(join(folder, "assets")))
    .use("/addin", serveFiles(folder, { index: false, dotfiles: "ignore", maxAge: "1d", setHeaders }))
    .use("/addin", () => {
      throw notFound("This page");
    });
}

function readPage(folder: string, name: string) {
  try {
    return readFileSync(join(folder, `${name}.html`), "utf8");
  } catch {
    throw new Error(`The pane's ${name}.html is not built. Run: node addin/build.ts`);
  }
}

/** Settings as data, which a strict policy allows; then Outlook's scripts, in order and before the pane's own module. */
function paneWithSettings(html: string, settings: PaneSettings) {
  const told = {
    authority: `${settings.ENTRA_URL}/${settings.ENTRA_TENANT_ID}`,
    clientId: settings.ENTRA_CLIENT_ID,
    scopes: [`api://${settings.ENTRA_CLIENT_ID}/Desk.Use`],
  };
  // "<" would end the element; JSON may write it as an escape.
  const json = JSON.stringify(told).replaceAll("<", "\\u003c");
  const scripts = [...settings.SANDBOX_SCRIPTS, settings.OFFICE_JS_URL].map(
    (url) => `<script src="${attribute(url)}"></script>`,
  );
  return html.replace("<!--outlook-->", () =>
    [`<script type="application/json" id="settings">${json}</script>`, ...scripts].join("\n    "),
  );
}

const attribute = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** Microsoft's office.js loads MicrosoftAjax.js from there (learn.microsoft.com/office/dev/add-ins/develop/referencing-the-javascript-api-for-office-library-from-its-cdn). */
const ajaxOrigin = "https://ajax.aspnetcdn.com";

function panePolicy({ ENTRA_URL, OFFICE_JS_URL, OUTLOOK_ORIGINS, SANDBOX_SCRIPTS }: PaneSettings) {
  const scripts = new Set([
    "'self'",
    ...[OFFICE_JS_URL, ...SANDBOX_SCRIPTS].map((url) => new URL(url).origin),
    ajaxOrigin,
  ]);
  return {
    "default-src": ["'none'"],
    "script-src": [...scripts],
    // Fluent writes its rules into style elements, and mails carry their shapes in style attributes.
    "style-src": ["'self'", "'unsafe-inline'"],
    // No remote image can load, whatever a mail says: its own images come as data: or from the desk as blob:.
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'", ENTRA_URL],
    // MSAL's silent renewal; the frames that show mails are srcdoc and need no entry.
    "frame-src": ["'self'", ENTRA_URL],
    "form-action": ["'none'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": OUTLOOK_ORIGINS,
  };
}

/** The redirect page is also where MSAL's hidden frame in the pane ends, and every ancestor of a frame must be allowed. */
function windowPolicy({ ENTRA_URL, OUTLOOK_ORIGINS }: PaneSettings) {
  return {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'", ENTRA_URL],
    "form-action": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'", ...OUTLOOK_ORIGINS],
  };
}

const headersOf = (policy: Record<string, string[]>) => ({
  "content-security-policy": Object.entries(policy)
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
  // Asked about each time; the assets it names never change.
  "cache-control": "no-cache",
});

function sendPage(req: Request, res: Response, html: string, headers: Record<string, string>) {
  const etag = `"${createHash("sha256").update(html).digest("base64url").slice(0, 20)}"`;
  res.set({ ...headers, etag });
  if (req.headers["if-none-match"] === etag) res.status(304).end();
  else res.type("html").send(html);
}

const encodings = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

/** Assets are named by their content and compressed when they are built. */
function sendAsset(folder: string) {
  return (req: Request, res: Response) => {
    const name = basename(String(req.params.asset));
    const accepted = req.acceptsEncodings(encodings.map((each) => each.name));
    const encoding = /\.(js|css)$/.test(name) ? encodings.find((each) => each.name === accepted) : undefined;
    res.set({ "cache-control": "public, max-age=31536000, immutable", vary: "accept-encoding" });
    nosniff(res);
    if (encoding)
      res.set("content-encoding", encoding.name).type(name.endsWith(".js") ? "text/javascript" : "text/css");
    res.sendFile(`${name}${encoding?.ending ?? ""}`, { root: folder, cacheControl: false }, (error) => {
      if (!error || res.headersSent) return;
      res.removeHeader("content-encoding");
      res
        .set("cache-control", "no-store")
        .status(404)
        .type("text")
        .send("Reload the page: it asks for a file of an older version.");
    });
  };
}

/** Outlook shows our icons on its own pages, so other origins may load these. */
const nosniff = (res: Response) =>
  void res.set({ "x-content-type-options": "nosniff", "cross-origin-resource-policy": "cross-origin" });
