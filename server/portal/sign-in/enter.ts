import { isAPIError } from "better-auth/api";
import type { Request } from "express";
import type { Portal } from "../app.ts";
import { record } from "../events.ts";
import { isKnownDevice, networkOf, type SignInUnderWay } from "./send-code.ts";

/** A new session for a right code; otherwise only that it was not right, never why. */
export type Entered = { ok: true; token: string } | { ok: false };

/** Tries a code. Wrong tries are counted by browser, network and address; five end the code itself. */
export async function enter(portal: Portal, req: Request, underWay: SignInUnderWay, code: string): Promise<Entered> {
  const forgive = await spendTry(portal, req, underWay.address);
  const token = (await isNewestCode(portal, underWay)) ? await tryCode(portal, underWay.address, code) : null;
  const customer = token ? await customerAt(portal, underWay.address) : null;

  if (token && customer) {
    await forgive();
    await record(portal, "signed_in", req, customer);
    return { ok: true, token };
  }
  if (token) await portal.database.prisma.portalSession.deleteMany({ where: { token } });
  await record(portal, "sign_in_failed", req, await customerAt(portal, underWay.address));
  return { ok: false };
}

async function spendTry({ limits, seal, jar }: Portal, req: Request, address: string) {
  const hashed = seal.hash(address);
  const network = networkOf(req.ip);
  const device = jar.read(req, "device");
  if (await isKnownDevice(device, address, seal)) {
    const own = seal.hash(`${hashed} ${device}`);
    await limits.spend("codeTried", own);
    return () => limits.forgive("codeTried", own);
  }
  await limits.spend("codeTriedByNetwork", network);
  await limits.spend("codeTried", seal.hash(`${hashed} ${network}`));
  await limits.spend("codeTriedForAddress", hashed);
  return async () => {
    await limits.forgive("codeTried", seal.hash(`${hashed} ${network}`));
    await limits.forgive("codeTriedForAddress", hashed);
  };
}

/** Only the browser that asked for the newest code may try it: others cannot use up its five tries. */
async function isNewestCode({ database }: Portal, { address, codeHash }: SignInUnderWay) {
  const newest = await database.prisma.portalCode.findFirst({
    where: { identifier: `sign-in-otp-${address}` },
    orderBy: { createdAt: "desc" },
    select: { value: true },
  });
  return newest?.value.startsWith(`${codeHash}:`) ?? false;
}

async function tryCode({ auth }: Portal, address: string, code: string) {
  try {
    const { token } = await auth.api.signInEmailOTP({ body: { email: address, otp: code, name: "" } });
    return token;
  } catch (error) {
    // Wrong, expired, used, tried too often: 400 and 403.
    if (isAPIError(error) && error.statusCode < 500) return null;
    throw error;
  }
}

async function customerAt({ database }: Portal, address: string) {
  const [customer] = await database.read<{ organizationId: string; contactId: string; onlyTicketId: null }>(
    "customer_at_address",
    `select c.organization_id as "organizationId", c.contact_id as "contactId", null as "onlyTicketId"
       from customer_addresses a
       join customers c on c.organization_id = a.organization_id and c.contact_id = a.contact_id
      where a.address = $1 and c.disabled_at is null`,
    [address],
  );
  return customer ?? null;
}
