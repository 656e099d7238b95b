import type { RequestHandler } from "express";
import helmet from "helmet";

/** The headers of every answer. Scripts and styles come from our own files only; nothing may frame a page. */
export function headers(origin: string): RequestHandler[] {
  const https = origin.startsWith("https:");
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          // Released mail keeps colours and weights in style attributes; the release's sanitizer allows no others.
          styleSrcAttr: ["'unsafe-inline'"],
          imgSrc: ["'self'", "data:"],
          connectSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          ...(https ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      referrerPolicy: { policy: "same-origin" },
      frameguard: { action: "deny" },
      originAgentCluster: true,
    }),
    (_req, res, next) => {
      res.set({
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        vary: "Accept, Accept-Language, Cookie",
      });
      next();
    },
  ];
}
