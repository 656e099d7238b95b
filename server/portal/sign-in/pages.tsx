/** @jsxRuntime automatic */
import { z } from "zod";
import type { FormErrors } from "../../../portal/Form.tsx";
import { AddressPage, CodePage } from "../../../portal/sign-in/SignInPage.tsx";
import { firstSpoken, wordsIn } from "../../../portal/text/index.ts";
import { canonicalAddress } from "../../platform/mail-address.ts";
import { record } from "../events.ts";
import { read, showPage, surroundings, type Visit, whoIs } from "../visit.ts";
import { enter } from "./enter.ts";
import { SignInUnderWay, sendCode } from "./send-code.ts";
import { beginSession, endSession } from "./session.ts";

/** Where to go after signing in: one of our own pages, nothing else. */
const Next = z
  .string()
  .regex(/^\/(tickets\/(\d{1,10}|new)|sent\/[0-9a-f-]{36})?$/)
  .catch("/");

/** GET /sign-in */
export async function showAddressForm(visit: Visit<null>) {
  const { next } = read(z.object({ next: Next.default("/") }), visit.req.query);
  if (await whoIs(visit.portal, visit.req)) return visit.res.redirect(303, next);
  showAddressPage(visit, { next, signedOut: visit.req.query["signed-out"] !== undefined });
}

/** POST /sign-in: the same answer whether the address is known or not. */
export async function askForCode(visit: Visit<null>) {
  const form = read(z.strictObject({ address: z.string().max(500), next: Next.default("/") }), visit.req.body);
  const address = z.email().max(254).safeParse(canonicalAddress(form.address));
  if (!address.success) {
    const errors = { address: wordsIn(visit.language).errors.addressWrong };
    return showAddressPage(visit, { next: form.next, address: form.address, errors }, 422);
  }
  const asked = { address: address.data, shownAddress: address.data, language: visit.language, next: form.next };
  await keepUnderWay(visit, await sendCode(visit.portal, visit.req, asked));
  visit.res.redirect(303, "/sign-in/code");
}

/** GET /sign-in/code */
export async function showCodeForm(visit: Visit<null>) {
  const underWay = await readUnderWay(visit);
  if (underWay) showCodePage(visit, underWay);
  else visit.res.redirect(303, "/sign-in");
}

/** POST /sign-in/again: another code to the same address. */
export async function askAgain(visit: Visit<null>) {
  const underWay = await readUnderWay(visit);
  if (!underWay) return visit.res.redirect(303, "/sign-in");
  const language = firstSpoken([visit.language]);
  await keepUnderWay(visit, await sendCode(visit.portal, visit.req, { ...underWay, language }));
  visit.res.redirect(303, "/sign-in/code");
}

/** POST /sign-in/code */
export async function signIn(visit: Visit<null>) {
  const { portal, req, res, language } = visit;
  const { code } = read(z.strictObject({ code: z.string().max(100) }), req.body);
  const { errors } = wordsIn(language);
  const underWay = await readUnderWay(visit);
  if (!underWay) return showAddressPage(visit, { errors: { form: errors.codeExpired } }, 422);

  // Mail programs paste spaces and dashes along.
  const digits = code.replace(/[\s\-\u2010-\u2015\u200b]/g, "");
  if (!/^\d{8}$/.test(digits)) return showCodePage(visit, underWay, { code: errors.codeShape }, 422);

  const entered = await enter(portal, req, underWay, digits);
  if (!entered.ok) return showCodePage(visit, underWay, { code: errors.codeWrong }, 422);

  await beginSession(portal, req, res, entered.token);
  portal.jar.clear(res, "signIn");
  portal.jar.set(res, "device", await portal.seal.close("device", { address: underWay.address }, 365 * 24 * 60 * 60));
  res.redirect(303, underWay.next);
}

/** POST /sign-out */
export async function signOut(visit: Visit) {
  await endSession(visit.portal, visit.req, visit.res);
  await record(visit.portal, "signed_out", visit.req, visit.who);
  visit.res.redirect(303, "/sign-in?signed-out=");
}

/** Seals the sign-in under way into this browser. */
export async function keepUnderWay({ portal, res }: Pick<Visit, "portal" | "res">, underWay: SignInUnderWay) {
  portal.jar.set(res, "signIn", await portal.seal.close("sign-in", underWay, 15 * 60));
}

async function readUnderWay({ portal, req }: Visit) {
  const cookie = portal.jar.read(req, "signIn");
  return cookie ? portal.seal.open("sign-in", cookie, SignInUnderWay) : null;
}

type AddressFacts = { next?: string; address?: string; errors?: FormErrors; signedOut?: boolean };

function showAddressPage(visit: Visit, facts: AddressFacts, status = 200) {
  const { next = "/", address = "", errors = {}, signedOut = false } = facts;
  const around = { ...surroundings(visit), path: "/sign-in" };
  showPage(visit, <AddressPage {...{ next, address, errors, signedOut, around }} />, status);
}

function showCodePage(
  visit: Visit,
  { shownAddress: address, codeHash }: SignInUnderWay,
  errors: FormErrors = {},
  status = 200,
) {
  const around = { ...surroundings(visit), path: "/sign-in/code" };
  showPage(visit, <CodePage {...{ address, mailed: codeHash !== null, errors, around }} />, status);
}
