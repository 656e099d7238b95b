/** The customers' room: what `npm run portal` runs. */
import "./portal/production.ts";
import { portalSettings } from "./platform/config.ts";
import { listen } from "./platform/http.ts";
import { log } from "./platform/log.ts";
import { runUntilTold } from "./platform/process.ts";
import { portalApp, portalContext } from "./portal/app.ts";

await runUntilTold(async () => {
  const settings = portalSettings();
  const portal = portalContext(settings);
  const { port, close } = await listen(portalApp(portal), settings.PORTAL_PORT, {
    host: settings.PORTAL_HOST,
    drainSeconds: settings.DRAIN_SECONDS,
  });
  log.info({ port }, "the portal is open");

  return async () => {
    await close();
    await portal.close();
  };
});
