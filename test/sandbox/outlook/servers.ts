import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express from "express";
import { buildOutlook } from "../../../sandbox/outlook/build.ts";
import { mountOutlook } from "../../../sandbox/outlook/mount.ts";
import { startSandbox } from "../../../sandbox/sandbox.ts";

/** The whole sandbox with its Outlook; where the desk will be, a small add-in that says what it is told. */
export async function startOutlook() {
  await buildOutlook();
  const dataDir = await mkdtemp(join(tmpdir(), "deskhatch outlook "));
  const addIn = express();
  const server = createServer(addIn);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server's address is an AddressInfo (node:net).
  const { port } = server.address() as AddressInfo;
  const sandbox = await startSandbox({
    dataDir,
    sandboxPort: 0,
    addinPort: 0,
    smtpPort: 0,
    deskUrl: `http://127.0.0.1:${port}`,
    mount: mountOutlook,
  });
  addIn.get("/addin/pane.html", (_request, response) => response.type("html").send(helloPage(sandbox.url)));
  addIn.use("/addin", express.static(fileURLToPath(new URL("../../../addin/public", import.meta.url))));

  return {
    url: sandbox.url,
    sandbox,
    /** A mail arrives, as if by SMTP. */
    arrive: (mail: Partial<ArrivingMail> = {}) => arrive(sandbox, mail),
    async close() {
      await sandbox.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

type ArrivingMail = { subject: string; from: string; to: string; cc: string; type: string; body: string };

async function arrive(sandbox: Awaited<ReturnType<typeof startSandbox>>, given: Partial<ArrivingMail>) {
  const mail = {
    subject: "The pump stopped",
    from: "Alice Moreau <alice@harbourlight.test>",
    to: "support@deskhatch.test",
    cc: "",
    type: "text/html; charset=utf-8",
    body: "<p>Since this morning the pump in hall 2 stands still.</p>",
    ...given,
  };
  const address = /<(.+)>/.exec(mail.from)?.[1] ?? mail.from;
  const mime = [
    `From: ${mail.from}`,
    `To: ${mail.to}`,
    ...(mail.cc ? [`Cc: ${mail.cc}`] : []),
    `Subject: ${mail.subject}`,
    `Message-ID: <${crypto.randomUUID()}@harbourlight.test>`,
    `Date: ${new Date().toUTCString()}`,
    "MIME-Version: 1.0",
    `Content-Type: ${mail.type}`,
    "",
    mail.body,
  ].join("\r\n");
  const [delivered] = await sandbox.deliver(mime, { from: address, to: mail.to });
  return delivered;
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
      const theme = () => put("theme", Office.context.officeTheme?.isDarkTheme ? "dark" : "light");
      const show = () => put("subject", Office.context.mailbox.item?.subject ?? "(nothing)");
      let changes = 0;
      // For the test: calls an asynchronous function of Office.js and gives back what it said.
      window.ask = (call) => new Promise((resolve) => call((said) => resolve({ status: said.status, value: said.value, code: said.error?.code })));
      Office.onReady((info) => {
        put("bridge", window.nestedAppAuthBridge ? "on" : "off");
        theme();
        show();
        const { mailbox } = Office.context;
        mailbox.addHandlerAsync(Office.EventType.ItemChanged, () => { put("changes", String(++changes)); show(); });
        mailbox.addHandlerAsync(Office.EventType.OfficeThemeChanged, () => setTimeout(theme));
        document.body.dataset.ready = info.host;
      });
      Office.actions.associate("flag", (event) => {
        const message = { type: "informationalMessage", message: "Flagged: " + Office.context.mailbox.item.subject, icon: "i", persistent: false };
        Office.context.mailbox.item.notificationMessages.addAsync("flag", message, () => event.completed({ allowEvent: true }));
      });
    </script>
  </body>
</html>`;
