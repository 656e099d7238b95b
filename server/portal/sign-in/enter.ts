import { isAPIError } from "better-auth/api";
import type { Request } from "express";
import type { Portal } from "../app.ts";
import { record } from "../events.ts";
import { codeTries } from "./auth.ts";
import { isKnownDevice, networkOf, type SignInUnderWay } from "./send-code.ts";

/** A new session for a right code; otherwise only that it was not right, never why. */
export type Entered = { ok: true; token: string } | { ok: false };

/** Tries a code. Wrong tries are counted by browser, network and address; five end the code itself. */
export async function enter(portal: Portal, req: Request, underWay: SignInUnderWay, code: string): Promise<Entered> {
  const forgive = await spendTry(portal, req, underWay);
  const token = (await isRight(portal, underWay, code)) ? await tryCode(portal, underWay.address, code) : null;
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

/** A browser with a code of its own has that code's five tries; strangers cannot use them up. */
async function spendTry({ limits, seal, jar }: Portal, req: Request, { address, codeHash }: SignInUnderWay) {
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
  if (codeHash === null) await limits.spend("codeTriedForAddress", hashed);
  return async () => {
    await limits.forgive("codeTried", seal.hash(`${hashed} ${network}`));
    for (const rule of ["codeTriedForAddress", "codeMailed", "codeMailedInDay"] as const)
      await limits.forgive(rule, hashed);
  };
}

/**
 * A code is for the browser that asked for it, and stays valid when somebody else asks for another: nobody can end it or
 * use up its five tries. better-auth looks at the newest code only, and forgets all of them when one is wrong; so only a
 * right code gets there, as the newest.
 */
async function isRight({ database, seal }: Portal, { address, codeHash }: SignInUnderWay, code: string) {
  const hash = seal.hash(code);
  const wrong = codeHash !== null && codeHash !== hash;
  const identifier = `sign-in-otp-${address}`;
  const rows = wrong
    ? await database.read("count_try_of_code", countTry, [identifier, codeHash])
    : await database.read("bring_code_forward", bringForward, [identifier, hash]);
  return !wrong && rows.length > 0;
}

/** As better-auth writes a code: its hash, a colon, and how often it was tried. */
const thisCode = "identifier = $1 and starts_with(value, $2 || ':') and expires_at > now()";

const countTry = `
  update portal_codes set value = $2 || ':' || split_part(value, ':', 2)::int + 1 where ${thisCode}`;

const bringForward = `
  update portal_codes
     set created_at = (select greatest(now(), max(created_at) + interval '1 millisecond') from portal_codes where identifier = $1)
   where ${thisCode} and split_part(value, ':', 2)::int < ${codeTries} returning id`;

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
