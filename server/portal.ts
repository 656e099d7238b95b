/** The customers' room: what `npm run portal` runs. */
import "./portal/production.ts";
import { portalSettings } from "./platform/config.ts";
import { listen } from "./platform/http.ts";
import { log } from "./platform/log.ts";
import { portalApp, portalContext } from "./portal/app.ts";

const settings = portalSettings();
const portal = portalContext(settings);
const { port, close } = await listen(portalApp(portal), settings.PORTAL_PORT, settings.PORTAL_HOST);
log.info({ port }, "the portal is open");

let closing = false;
async function end(because: string) {
  if (closing) return;
  closing = true;
  log.info({ because }, "the portal closes");
  await close();
  await portal.close();
  process.exit(0);
}

process.once("SIGTERM", () => end("asked to end"));
process.once("SIGINT", () => end("asked to end"));
// Whoever started us is gone.
process.once("disconnect", () => end("its parent ended"));
