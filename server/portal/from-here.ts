import type { RequestHandler } from "express";
import { isLoopback } from "../platform/loopback.ts";
import { problem } from "../platform/problems.ts";

/**
 * Takes requests for this portal's host only, and changes only what this portal's own pages ask to change.
 * Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin; a form of another site can forge neither.
 */
export function fromHere(portalUrl: string): RequestHandler {
  const { hostname: ours, origin } = new URL(portalUrl);
  const isOurs = (hostname: string) => hostname === ours || (isLoopback(ours) && isLoopback(hostname));

  return (req, _res, next) => {
    // Load balancers ask by address.
    if (req.path === "/livez" || req.path === "/readyz") return next();
    if (!isOurs(hostnameOf(req.headers.host)))
      throw problem(421, "other_host", "This portal does not answer for that host name. Use the portal's own address.");
    if (req.method === "GET" || req.method === "HEAD") return next();

    const site = req.headers["sec-fetch-site"];
    if (site === undefined ? req.headers.origin === origin : site === "same-origin") return next();
    throw problem(403, "from_elsewhere", "This was sent from another page. Open the portal and send it from there.");
  };
}

/** Without the port: nothing we do depends on it. */
function hostnameOf(host = "") {
  return host.replace(/:\d+$/, "").toLowerCase();
}
