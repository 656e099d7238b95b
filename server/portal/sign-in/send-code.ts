import { randomUUID } from "node:crypto";
import type { Request } from "express";
import { z } from "zod";
import type { Language } from "../../../portal/text/index.ts";
import type { Portal } from "../app.ts";
import { codeMinutes } from "./auth.ts";

/** The sign-in under way, sealed in a cookie: only the browser that asked for a code can use it. */
export const SignInUnderWay = z.object({
  address: z.string(),
  /** What the page calls the address; through a secure link it is mostly hidden. */
  shownAddress: z.string(),
  /** Null when there was no mail for this browser, because there were enough: any code that was mailed is its code. */
  codeHash: z.string().nullable(),
  language: z.string(),
  next: z.string(),
});
export type SignInUnderWay = z.infer<typeof SignInUnderWay>;

type Asked = { address: string; shownAddress: string; language: Language; next: string };

/**
 * Makes a code and, when the address is a customer's, writes the mail that carries it.
 * The work and the answer are the same for an address that nobody here knows. Where strangers have asked for so many
 * that no further mail is written, the owner still gets in, by the mails that they sent him.
 */
export async function sendCode(portal: Portal, req: Request, asked: Asked): Promise<SignInUnderWay> {
  if (!(await mayBeMailed(portal, req, asked.address))) return { ...asked, codeHash: null };
  const code = await portal.auth.api.createVerificationOTP({ body: { email: asked.address, type: "sign-in" } });
  await portal.database.read("write_code_mail", writeMail, [
    asked.address,
    randomUUID(),
    asked.language,
    JSON.stringify({ code }),
    codeMinutes,
    req.ip ?? null,
  ]);
  return { ...asked, codeHash: portal.seal.hash(code) };
}

/** One statement that always writes and always wakes the courier; the mail is written for customers only. */
const writeMail = `
  with recipient as (
    select c.organization_id, c.contact_id
      from customer_addresses a
      join customers c on c.organization_id = a.organization_id and c.contact_id = a.contact_id
     where a.address = $1 and c.disabled_at is null
  ), mail as (
    insert into portal_mails (mail_id, kind, address, language, facts, expires_at)
    select $2::uuid, 'sign_in_code', $1, $3, $4::jsonb, now() + make_interval(mins => $5::int) from recipient
  ), event as (
    insert into portal_events (organization_id, contact_id, act, ip)
    select r.organization_id, r.contact_id, 'code_asked', $6 from (select) as always left join recipient r on true
  )
  select pg_notify('portal_mail', '')`;

/** A browser that has signed in with this address before has mails of its own: nobody else can use them up. */
async function mayBeMailed({ limits, seal, jar }: Portal, req: Request, address: string): Promise<boolean> {
  const network = networkOf(req.ip);
  const hashed = seal.hash(address);
  await limits.spend("codeAskedByNetwork", network);
  if (await isKnownDevice(jar.read(req, "device"), address, seal)) {
    await limits.spend("codeAsked", seal.hash(`${hashed} ${jar.read(req, "device")}`));
    return true;
  }
  await limits.spend("codeAsked", seal.hash(`${hashed} ${network}`));
  return (await limits.allows("codeMailed", hashed)) && (await limits.allows("codeMailedInDay", hashed));
}

export async function isKnownDevice(cookie: string | null, address: string, seal: Portal["seal"]) {
  if (!cookie) return false;
  const device = await seal.open("device", cookie, z.object({ address: z.string() }));
  return device?.address === address;
}

/** Who has one IPv6 address has 2^64 of them: they count as one (RFC 6177). */
export function networkOf(ip = "") {
  return ip.includes(":") && !ip.includes(".") ? ip.split(":").slice(0, 4).join(":") : ip;
}
