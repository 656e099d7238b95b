import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import express, { type Express } from "express";
import { generate } from "selfsigned";
import { buildOutlook } from "../../../sandbox/outlook/build.ts";
import { mountOutlook } from "../../../sandbox/outlook/mount.ts";
import { mailboxServer } from "./mailbox-server.ts";

/** Outlook on one https port, a small add-in on another: the same two origins that the sandbox has. */
export async function startOutlook() {
  await buildOutlook();
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  const outlook = express();
  const addIn = express();
  const [outlookServer, addInServer] = await Promise.all([listen(outlook), listen(addIn)]);
  const asked: unknown[] = [];

  addIn.get("/addin/pane.html", (_request, response) => response.type("html").send(helloPage(outlookServer.url)));
  addIn.get("/addin/icons/:icon", (request, response) =>
    response.sendFile(fileURLToPath(new URL(`../../../addin/public/icons/${request.params.icon}`, import.meta.url))),
  );
  outlook.post("/outlook/naa", express.json(), (request, response) => {
    asked.push(request.body);
    response.json({
      success: false,
      error: {
        status: "USER_INTERACTION_REQUIRED",
        code: "interaction_required",
        subError: "",
        description: "Sign in.",
      },
    });
  });
  mountOutlook(outlook, {
    addinUrl: addInServer.url,
    graphToken: async (person) => ({ token: `graph-${person}`, expiresIn: 3600 }),
  });
  const mailbox = mailboxServer(outlook);

  return {
    url: outlookServer.url,
    addInUrl: addInServer.url,
    mailbox,
    asked,
    async close() {
      await Promise.all([outlookServer.close(), addInServer.close()]);
    },
  };

  async function listen(app: Express) {
    const server = createServer({ key, cert }, app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `https://localhost:${port}`,
      close: () =>
        new Promise<void>((resolve) => {
          server.closeAllConnections();
          server.close(() => resolve());
        }),
    };
  }
}

/** An add-in of a few lines: it shows the mail and says what it was told. */
const helloPage = (outlook: string) => `<!doctype html>
<html lang="en">
  <head>
    <title>Hello</title>
    <script src="${outlook}/office-js/msajax.js"></script>
    <script src="${outlook}/office-js/naa-bridge.js"></script>
    <script src="${outlook}/office-js/office.js"></script>
  </head>
  <body>
    <p>Subject: <output id="subject">…</output></p>
    <p>Changes: <output id="changes">0</output></p>
    <p>Bridge: <output id="bridge"></output></p>
    <p>Theme: <output id="theme"></output></p>
    <script>
      const put = (id, text) => { document.getElementById(id).textContent = text; };
      let changes = 0;
      const show = () => put("subject", Office.context.mailbox.item?.subject ?? "(nothing)");
      window.call = (run) => new Promise((resolve) => run((result) => resolve({ status: result.status, value: result.value, code: result.error?.code })));
      window.theReady = Office.onReady((info) => {
        put("bridge", window.nestedAppAuthBridge ? "on" : "off");
        put("theme", Office.context.officeTheme?.isDarkTheme ? "dark" : "light");
        show();
        Office.context.mailbox.addHandlerAsync(Office.EventType.ItemChanged, () => { put("changes", String(++changes)); show(); });
        document.body.dataset.ready = info.host;
        return info;
      });
    </script>
  </body>
</html>`;
