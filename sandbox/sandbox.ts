import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import express from "express";
import { controlRoutes, resetDelta } from "./control.ts";
import { type Dataverse, openDataverse } from "./dataverse/dataverse.ts";
import { dataverseRoutes } from "./dataverse/http.ts";
import type { RegisteredApp } from "./entra/assertion.ts";
import { type Entra, outlookClientId, startEntra } from "./entra/entra.ts";
import { type DeliverOptions, deliver } from "./exchange/deliver.ts";
import { openMailboxes } from "./exchange/mailboxes.ts";
import type { Message } from "./exchange/messages.ts";
import { openSentCopies, type SentCopies } from "./exchange/sent-copies.ts";
import { type Faults, faultScript } from "./faults.ts";
import { reverseProxy } from "./front.ts";
import { startGraph } from "./graph/graph.ts";
import { graphRoutes, uploadRoutes } from "./graph/http.ts";
import { type Notifications, startNotifications } from "./graph/notifications.ts";
import { type Subscriptions, startSubscriptions } from "./graph/subscriptions.ts";
import { type Limits, outlookLimits } from "./graph/throttle.ts";
import { type LedgerEntry, readLedger } from "./ledger.ts";
import { startSmtp } from "./smtp/smtp.ts";
import { openStore, type Store } from "./store.ts";
import { localTls } from "./tls.ts";

export type SandboxOptions = {
  dataDir: string;
  /** Ports may be 0: the system chooses. */
  sandboxPort: number;
  addinPort: number;
  smtpPort: number;
  /** In bytes; Exchange Online's default without it. */
  largestMail?: number;
  /** The desk's http address behind the TLS front, e.g. http://127.0.0.1:3000 */
  deskUrl: string;
  /** Outlook's pages add themselves here. */
  mount?: (app: express.Express, sandbox: Sandbox) => void;
};

export type Sandbox = {
  /** https://localhost:PORT of Entra, Graph and Outlook. */
  url: string;
  /** https://localhost:PORT of the desk, as a browser reaches it. */
  addinUrl: string;
  smtpPort: number;
  /** The authority to trust: NODE_EXTRA_CA_CERTS, tls.setDefaultCACertificates. */
  caFile: string;
  ca: string;
  store: Store;
  entra: Entra;
  faults: Faults;
  limits: Limits;
  sentCopies: SentCopies;
  subscriptions: Subscriptions;
  notifications: Notifications;
  /** The pretend Dataverse environment, at the sandbox's own address. */
  dataverse: Dataverse;
  registerApp(app: RegisteredApp): void;
  /** A token for Graph, as if the person had signed in to Outlook. */
  graphToken(person: string): Promise<{ token: string; expiresIn: number }>;
  /** Places a mail as if it had come by SMTP. */
  deliver(
    rawMime: Buffer | string,
    to: { to: string | readonly string[]; from: string } & DeliverOptions,
  ): Promise<Message[]>;
  ledger(after?: number): LedgerEntry[];
  /** Forgets where delta readers of a folder are: they get 410. */
  resetDelta(mailbox: string, folder: "inbox" | "sentitems"): void;
  close(): Promise<void>;
};

/** Starts the pretend Microsoft 365: Entra ID, Graph, mailboxes and SMTP, on this machine only. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const store = openStore(options.dataDir);
  openMailboxes(store);
  const tls = await localTls(options.dataDir);

  const app = express();
  app.disable("x-powered-by").disable("etag");
  const server = createServer({ key: tls.key, cert: tls.cert }, app);
  const proxy = reverseProxy(options.deskUrl);
  const front = createServer({ key: tls.key, cert: tls.cert }, proxy.forward);

  const [sandboxPort, addinPort, smtp] = await Promise.all([
    listen(server, options.sandboxPort),
    listen(front, options.addinPort),
    startSmtp(store, options.smtpPort, options.largestMail),
  ]);
  const url = `https://localhost:${sandboxPort}`;
  const origin = () => url;

  const faults = faultScript();
  const limits = { ...outlookLimits };
  const entra = await startEntra(store, origin);
  const subscriptions = startSubscriptions(store, origin, tls.ca);
  const notifications = startNotifications(store, subscriptions, faults, tls.ca);
  const sentCopies = openSentCopies(store);
  const graph = startGraph({ store, sentCopies, origin, subscriptions, limits, unlimitedApp: outlookClientId });

  const dataverse = openDataverse(store);

  const sandbox: Sandbox = {
    url,
    addinUrl: `https://localhost:${addinPort}`,
    smtpPort: smtp.port,
    caFile: tls.caFile,
    ca: tls.ca,
    store,
    entra,
    faults,
    limits,
    sentCopies,
    subscriptions,
    notifications,
    dataverse,
    registerApp: entra.registerApp,
    graphToken: entra.graphToken,
    deliver: (raw, { to, from, ...more }) =>
      deliver(
        store,
        Buffer.isBuffer(raw) ? raw : Buffer.from(raw),
        { from, to: typeof to === "string" ? [to] : to },
        more,
      ),
    ledger: (after) => readLedger(store, { after: after ?? 0 }),
    resetDelta: (mailbox, folder) => resetDelta({ store }, mailbox, folder),
    async close() {
      notifications.close();
      sentCopies.close();
      await Promise.all([stop(server), stop(front), smtp.close()]);
      proxy.close();
      store.close();
    },
  };

  app.use("/sandbox", controlRoutes(sandbox));
  app.use("/v1.0", faults.middleware, graphRoutes(graph, entra.verifyGraphToken));
  app.use(
    "/api/data/v9.2",
    faults.middleware,
    dataverseRoutes({ ...dataverse, origin, verify: entra.verifyDataverseToken }),
  );
  app.use("/api/v2.0", faults.middleware, uploadRoutes(store, origin));
  app.post("/:tenant/oauth2/v2.0/token", faults.middleware);
  app.use(entra.routes);
  options.mount?.(app, sandbox);
  return sandbox;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      // A listening TCP server's address is an AddressInfo (node:net).
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
