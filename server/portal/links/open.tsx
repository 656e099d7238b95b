/** @jsxRuntime automatic */
import { createHash } from "node:crypto";
import { TicketView } from "../../../portal/contract.ts";
import { LinkedTicketPage } from "../../../portal/ticket/LinkedTicketPage.tsx";
import { holderOfSecret, type LinkHolder } from "../access.ts";
import { record } from "../events.ts";
import { keepUnderWay } from "../sign-in/pages.tsx";
import { networkOf, sendCode } from "../sign-in/send-code.ts";
import { findTicket } from "../tickets/find.ts";
import { linkOpensNothing, show, type Visit, whoIs } from "../visit.ts";

/** How long a browser that came through a link may read before it needs the link again. */
const readingSeconds = 2 * 60 * 60;

/** 128 bits or more, as base64url or hex. */
const secretShape = /^[\w-]{22,128}$/;

/**
 * GET /l/:secret. Whoever is signed in as its recipient is taken to the ticket itself. Nothing is used up, so mail scanners may come first: it only gives this browser the right to read
 * that one ticket, and takes the secret out of the address.
 */
export async function followLink({ portal, req, res }: Visit<null>) {
  res.set("referrer-policy", "no-referrer");
  const secret = String(req.params.secret);
  const network = networkOf(req.ip);
  await portal.limits.check("linkMissed", network);

  const hash = createHash("sha256").update(secret).digest("hex");
  const holder = secretShape.test(secret) ? await holderOfSecret(portal.database, hash) : null;
  if (!holder) {
    await portal.limits.spend("linkMissed", network);
    await record(portal, "link_refused", req, null);
    throw linkOpensNothing();
  }
  const signedIn = await whoIs(portal, req);
  if (signedIn?.contactId === holder.contactId && signedIn.organizationId === holder.organizationId) {
    const { view } = await findTicket(portal, holder, { ticketId: holder.onlyTicketId });
    return res.redirect(303, `/tickets/${view.number}`);
  }
  const cookie = await portal.seal.close("link", { linkId: holder.linkId }, readingSeconds);
  portal.jar.setLink(res, holder.linkId, cookie, readingSeconds);
  res.redirect(303, `/link/${holder.linkId}`);
}

/** GET /link/:linkId */
export async function showLinkedTicket(visit: Visit<LinkHolder>) {
  const { who, portal } = visit;
  const { view } = await findTicket(portal, who, { ticketId: who.onlyTicketId });
  show(visit, TicketView, view, (ticket, around) => (
    <LinkedTicketPage
      ticket={ticket}
      linkId={who.linkId}
      maskedAddress={masked(who.address)}
      timeZone={who.timeZone}
      around={around}
    />
  ));
}

/** POST /link/:linkId/opening: the page's script says that a person is reading. Scanners load pages but touch nothing. */
export async function noteOpening({ portal, req, res, who }: Visit<LinkHolder>) {
  await record(portal, "link_opened", req, who);
  res.status(204).end();
}

/** POST /link/:linkId/code: to write, the recipient proves that the mailbox is his. */
export async function askForLinkCode(visit: Visit<LinkHolder>) {
  const { portal, req, res, who, language } = visit;
  const { view } = await findTicket(portal, who, { ticketId: who.onlyTicketId });
  const asked = { address: who.address, shownAddress: masked(who.address), language, next: `/tickets/${view.number}` };
  await keepUnderWay(visit, await sendCode(portal, req, asked));
  await record(portal, "link_code_asked", req, who);
  res.redirect(303, "/sign-in/code");
}

/** "a•••@harbourlight.test": enough for the recipient to know which mailbox to open. */
export const masked = (address: string) => address.replace(/^(.).*@/, "$1•••@");
