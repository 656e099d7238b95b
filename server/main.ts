/** The desk's process: the agents' API and pane, the jobs, Graph, and the door to the portal. */
import express from "express";
import helmet from "helmet";
import type { DeskContext } from "./desk/context.ts";
import { crmWorkers } from "./desk/crm/workers.ts";
import { openDesk } from "./desk/database.ts";
import { openGraph } from "./desk/graph/graph.ts";
import { openDeskQueue, schedule } from "./desk/jobs.ts";
import { noticeRoutes } from "./desk/mail/notices.ts";
import { openReader } from "./desk/mail/reading/reader.ts";
import { mailWorkers } from "./desk/mail/workers.ts";
import { paneRoutes } from "./desk/pane.ts";
import { deskRoutes } from "./desk/routes.ts";
import { deskWorkers } from "./desk/sweep.ts";
import { deskSettings, foreignSignIn } from "./platform/config.ts";
import { untilAnswering } from "./platform/database/answering.ts";
import { migrate } from "./platform/database/migrate.ts";
import { answerProblems } from "./platform/endpoint.ts";
import { listen } from "./platform/http.ts";
import { log } from "./platform/log.ts";
import { runUntilTold } from "./platform/process.ts";
import { folderStore } from "./platform/storage.ts";
import { openDoor } from "./release/door.ts";

await runUntilTold(async () => {
  const settings = deskSettings();
  const warning = foreignSignIn(settings);
  if (warning) log.error({ alarm: "foreign_sign_in" }, warning);
  await untilAnswering(settings.DATABASE_URL_DESK);
  await untilAnswering(settings.DATABASE_URL_PUBLISHER);
  await migrate("desk", settings.DATABASE_URL_DESK);
  await migrate("portal", settings.DATABASE_URL_PUBLISHER);

  const desk = openDesk(settings.DATABASE_URL_DESK);
  const queue = await openDeskQueue(settings.DATABASE_URL_DESK);
  const files = folderStore(settings.DESK_FILES);
  const reader = openReader(settings.DESK_FILES);
  const context: DeskContext = { desk, queue, files, graph: openGraph(settings, desk), reader, settings };
  const door = await openDoor({ settings, context });

  const app = express().disable("x-powered-by").set("trust proxy", "loopback");
  app.get("/livez", (_, res) => void res.type("text").send("alive\n"));
  let working = false;
  app.get("/readyz", async (_, res) => {
    await desk.$queryRaw`select 1`;
    res
      .status(working ? 200 : 503)
      .type("text")
      .send(working ? "ready\n" : "starting\n");
  });
  app.use(paneRoutes(settings));
  // The TLS proxy decides about HSTS: it counts for a whole hostname, in the sandbox for all of localhost.
  app.use(helmet({ strictTransportSecurity: false }));
  app.use(noticeRoutes(context));
  app.use("/api", deskRoutes(context, door.verbs));
  app.use(answerProblems);

  const listening = await listen(app, settings.DESK_PORT, {
    host: settings.DESK_HOST,
    drainSeconds: settings.DRAIN_SECONDS,
  });
  await mailWorkers(context);
  await deskWorkers(context);
  const closeCrms = await crmWorkers(context);
  await schedule(queue);
  working = true;
  log.info({ port: listening.port }, "the desk is open");

  return async () => {
    await queue.rest();
    await listening.close();
    await queue.stop();
    await closeCrms();
    await door.close();
    await context.graph.close();
    await reader.close();
    await desk.$disconnect();
  };
});
