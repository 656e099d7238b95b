import type { Request, Response } from "express";
import type { Portal } from "../app.ts";

/** A session in use lives on: 12 hours from now, 30 days from its beginning at most. */
export async function keepAwake({ database }: Portal, token: string) {
  await database.read(
    "keep_awake",
    `update portal_sessions set updated_at = now(),
            expires_at = least(now() + interval '12 hours', created_at + interval '30 days') where token = $1`,
    [token],
  );
}

/** A sign-in always begins a new session; the one this browser had ends. */
export async function beginSession(portal: Portal, req: Request, res: Response, token: string) {
  await endSession(portal, req, res);
  await portal.database.prisma.portalSession.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  portal.jar.set(res, "session", portal.seal.sign(token));
}

export async function endSession({ database, jar, seal }: Portal, req: Request, res: Response) {
  const cookie = jar.read(req, "session");
  const token = cookie ? seal.signed(cookie) : null;
  if (token) await database.prisma.portalSession.deleteMany({ where: { token } });
  jar.clear(res, "session");
}
