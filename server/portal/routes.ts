import express, { Router } from "express";
import type { Portal } from "./app.ts";
import { downloadFile } from "./files/download.ts";
import { live, ready } from "./health.ts";
import { chooseLanguage } from "./language.ts";
import { askForLinkCode, followLink, noteOpening, showLinkedTicket } from "./links/open.tsx";
import { askAgain, askForCode, showAddressForm, showCodeForm, signIn, signOut } from "./sign-in/pages.tsx";
import { listTickets } from "./tickets/list.tsx";
import { showNewTicketForm, showSentTicket, showTicket } from "./tickets/show.tsx";
import { answerTicket, closeTicket, openTicket } from "./tickets/write.tsx";
import * as who from "./visit.ts";

const form = express.urlencoded({ extended: false, limit: "16kb", parameterLimit: 10 });

/** Everything that can be done in the customers' room, and who may. GET changes nothing. */
export function portalRoutes(portal: Portal): Router {
  const anybody = who.anybody(portal);
  const customer = who.customer(portal);
  const link = who.link(portal);

  return Router({ caseSensitive: true, strict: true })
    .get("/livez", live)
    .get("/readyz", ready(portal))
    .get("/assets/:file", portal.assets.serve)
    .post("/language", form, anybody(chooseLanguage))

    .get("/sign-in", anybody(showAddressForm))
    .post("/sign-in", form, anybody(askForCode))
    .get("/sign-in/code", anybody(showCodeForm))
    .post("/sign-in/code", form, anybody(signIn))
    .post("/sign-in/again", form, anybody(askAgain))
    .post("/sign-out", form, customer(signOut))

    .get("/", customer(listTickets))
    .get("/tickets/new", customer(showNewTicketForm))
    .post("/tickets", customer(openTicket))
    .get("/sent/:actId", customer(showSentTicket))
    .get("/tickets/:number", customer(showTicket))
    .post("/tickets/:number/messages", customer(answerTicket))
    .post("/tickets/:number/closure", form, customer(closeTicket))
    .get("/files/:fileId", customer(downloadFile))

    .get("/l/:secret", anybody(followLink))
    .get("/link/:linkId", link(showLinkedTicket))
    .get("/link/:linkId/files/:fileId", link(downloadFile))
    .post("/link/:linkId/opening", form, link(noteOpening))
    .post("/link/:linkId/code", form, link(askForLinkCode));
}
