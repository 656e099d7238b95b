import express, { type Express } from "express";
import type { PortalSettings } from "../platform/config.ts";
import { type FileStore, folderStore } from "../platform/storage.ts";
import { type Assets, loadAssets } from "./assets.ts";
import { cookieJar, type Jar } from "./cookies.ts";
import { openDatabase, type PortalDatabase } from "./database.ts";
import { fromHere } from "./from-here.ts";
import { headers } from "./headers.ts";
import { type Limits, limitsIn } from "./limits.ts";
import { answerProblem } from "./problem.tsx";
import { portalRoutes } from "./routes.ts";
import { type Seal, sealWith } from "./seal.ts";
import { type Auth, openAuth } from "./sign-in/auth.ts";
import { nothingHere } from "./visit.ts";

/** Everything the portal works with. */
export type Portal = {
  settings: PortalSettings;
  database: PortalDatabase;
  files: FileStore;
  auth: Auth;
  seal: Seal;
  jar: Jar;
  limits: Limits;
  assets: Assets;
  close: () => Promise<void>;
};

export function portalContext(settings: PortalSettings): Portal {
  const database = openDatabase(settings.DATABASE_URL_PORTAL);
  const seal = sealWith(settings.PORTAL_SECRET);
  return {
    settings,
    database,
    seal,
    files: folderStore(settings.PORTAL_FILES),
    auth: openAuth(database, seal, settings),
    jar: cookieJar(settings.PORTAL_URL.startsWith("https:")),
    limits: limitsIn(database),
    assets: loadAssets(),
    close: database.close,
  };
}

/** The customers' room: a request is seen to come from here, then goes to its route; what is not listed is nothing. */
export function portalApp(portal: Portal): Express {
  const app = express();
  app.disable("x-powered-by");
  // Personal content is never kept by a browser, so there is nothing to compare.
  app.disable("etag");
  app.set("query parser", "simple");
  if (portal.settings.PORTAL_TRUSTED_PROXIES) app.set("trust proxy", portal.settings.PORTAL_TRUSTED_PROXIES);

  app.use(headers(portal.settings.PORTAL_URL));
  app.use(fromHere(portal.settings.PORTAL_URL));
  app.use(portalRoutes(portal));
  app.use(nothingHere);
  app.use(answerProblem(portal));
  return app;
}
