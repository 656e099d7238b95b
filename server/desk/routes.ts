import { json, type RequestHandler, Router } from "express";
import { answerProblems, serve } from "../platform/endpoint.ts";
import { notFound } from "../platform/problems.ts";
import { download } from "./attachments/download.ts";
import { upload } from "./attachments/upload.ts";
import { addContact } from "./contacts/create.ts";
import { showContact } from "./contacts/detail.ts";
import { addDomain, removeDomain } from "./contacts/domains.ts";
import { findContacts, findOrganizations } from "./contacts/find.ts";
import { forgetAddress } from "./contacts/forget-address.ts";
import { endAddress, resumeAddress } from "./contacts/former-address.ts";
import { mergeContact, unmergeContact } from "./contacts/merge-contacts.ts";
import { mergeOrganization, unmergeOrganization } from "./contacts/merge-organizations.ts";
import { showOrganization } from "./contacts/organization.ts";
import { previewContactMerger, previewOrganizationMerger } from "./contacts/preview-merger.ts";
import { teachAddress } from "./contacts/teach-address.ts";
import type { DeskContext } from "./context.ts";
import type { Door } from "./door.ts";
import { accept } from "./held/accept.ts";
import { liftLoop } from "./held/lift-loop.ts";
import { countHeldMails, findHeldMails } from "./held/list.ts";
import { findSpamMarks, markSpam, unmarkSpam } from "./held/mark-spam.ts";
import { original } from "./held/original.ts";
import { tryAgain } from "./held/try-again.ts";
import { once, onceKeyOf } from "./idempotency.ts";
import { openMail } from "./mail/selected.ts";
import { noNul } from "./no-nul.ts";
import { describeApi } from "./openapi.ts";
import { me } from "./people/me.ts";
import { contextOf, only, signIn } from "./people/sign-in.ts";
import { del, get, patch, post, put, type Route } from "./route.ts";
import { addMail } from "./tickets/add-mail.ts";
import { change } from "./tickets/change.ts";
import { findTickets } from "./tickets/find.ts";
import { merge, undoMerger } from "./tickets/merge.ts";
import { note } from "./tickets/note.ts";
import { open } from "./tickets/open.ts";
import { showEntries, showTicket } from "./tickets/show.ts";
import { split, undoSplit } from "./tickets/split.ts";

const team = ["agent", "lead", "admin"] as const;
const leads = ["lead", "admin"] as const;

/** Everything an agent can do, and which agents may. */
export const routes = (door: Door): Route[] => [
  get("/me", team, me),

  get("/mails/open", team, openMail),
  get("/mails/:messageId/original", team, original),
  post("/mails/:messageId/acceptance", team, accept),
  post("/mails/:messageId/spam-mark", team, markSpam),
  del("/mails/:messageId/spam-mark", team, unmarkSpam),

  get("/held-mails", team, findHeldMails),
  get("/held-mails/count", team, countHeldMails),
  post("/held-mails/:heldId/attempts", team, tryAgain),
  get("/spam-marks", team, findSpamMarks),
  del("/loops/:loopId", team, liftLoop),

  get("/tickets", team, findTickets),
  post("/tickets", team, open),
  get("/tickets/:number", team, showTicket),
  patch("/tickets/:number", team, change),
  get("/tickets/:number/entries", team, showEntries),
  post("/tickets/:number/mails", team, addMail),
  post("/tickets/:number/notes", team, note),
  post("/tickets/:number/merger", team, merge),
  del("/tickets/:number/merger", team, undoMerger),
  post("/tickets/:number/splits", team, split),
  del("/tickets/:number/splits/:splitNumber", team, undoSplit),

  post("/tickets/:number/replies", team, door.writeReply),
  post("/tickets/:number/new-mails", team, door.writeNewMail),
  del("/tickets/:number/replies/:entryId", team, door.takeBackReply),
  post("/tickets/:number/entries/:entryId/releases", team, door.releaseEntry),
  del("/tickets/:number/entries/:entryId/releases", team, door.retractEntry),
  post("/tickets/:number/preview", team, door.previewRelease),
  get("/tickets/:number/customer-view", team, door.customerView),
  put("/tickets/:number/portal", team, door.releaseTicket),
  put("/tickets/:number/participants/:contactId", team, door.takeOntoTicket),
  del("/tickets/:number/participants/:contactId", team, door.leaveOutOfTicket),

  get("/contacts", team, findContacts),
  post("/contacts", team, addContact),
  get("/contacts/:contactId", team, showContact),
  post("/contacts/:contactId/addresses", team, teachAddress),
  post("/contacts/:contactId/invitation", team, door.inviteContact),
  del("/contacts/:contactId/addresses/:address", team, forgetAddress),
  post("/contacts/:contactId/former-addresses", team, endAddress),
  del("/contacts/:contactId/former-addresses/:address", team, resumeAddress),
  get("/contacts/:contactId/merger", leads, previewContactMerger),
  post("/contacts/:contactId/merger", leads, mergeContact),
  del("/contacts/:contactId/merger", leads, unmergeContact),
  get("/organizations", team, findOrganizations),
  get("/organizations/:organizationId", team, showOrganization),
  post("/organizations/:organizationId/domains", leads, addDomain),
  del("/organizations/:organizationId/domains/:domain", leads, removeDomain),
  get("/organizations/:organizationId/merger", leads, previewOrganizationMerger),
  post("/organizations/:organizationId/merger", leads, mergeOrganization),
  del("/organizations/:organizationId/merger", leads, unmergeOrganization),

  post("/uploads", team, upload),
  get("/attachments/:id", team, download),
];

/** The pane's API, to be mounted at /api. Its own description is public; everything else needs a role. */
export function deskRoutes(context: DeskContext, door: Door): Router {
  const router = Router();
  const listed = routes(door);
  const description = describeApi(listed, context.settings);
  router.get("/openapi.json", (_req, res) => {
    res.json(description);
  });

  router.use(untouched, signIn(context));
  for (const route of listed) router[route.method](route.path, only(...route.roles), ...handlersOf(route, context));
  router.use((req) => {
    throw notFound(`${req.method} ${req.baseUrl}${req.path}`);
  });
  router.use(answerProblems);
  return router;
}

function handlersOf({ method, path, verb }: Route, context: DeskContext): RequestHandler[] {
  if ("handle" in verb) return [verb.handle(context)];
  const asked = contextOf(context);
  if (method === "get") return [noNul, serve(verb, asked)];
  const keyed = once(`${method} ${path}`, verb);
  return [json({ limit: "1mb" }), noNul, serve(keyed, (req, res) => ({ ...asked(req, res), onceKey: onceKeyOf(req) }))];
}

/** What the team reads is for the team: no cache between us keeps it. */
const untouched: RequestHandler = (_req, res, next) => {
  res.set({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" });
  next();
};
