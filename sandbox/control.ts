import express, { type Request, type Response, Router } from "express";
import { z } from "zod";
import { setSenderDomain } from "./exchange/authenticate.ts";
import { readContent } from "./exchange/content.ts";
import { mailboxOf, wellKnown } from "./exchange/mailboxes.ts";
import { Fault } from "./faults.ts";
import { readLedger } from "./ledger.ts";
import type { Sandbox } from "./sandbox.ts";

const Domain = z.strictObject({
  domain: z.string().min(1),
  spf: z.string().nullish(),
  dkim: z.string().nullish(),
  dmarc: z.string().nullish(),
  /** Back to the ordinary rule. */
  forget: z.boolean().default(false),
});

const LifecycleInput = z.strictObject({
  event: z.enum(["missed", "subscriptionRemoved", "reauthorizationRequired"]),
  subscriptionId: z.string().optional(),
});

const LimitsInput = z.strictObject({
  concurrent: z.int().positive().optional(),
  requests: z.int().positive().optional(),
  perSeconds: z.number().positive().optional(),
});

const LatenessInput = z.strictObject({
  seconds: z.number().min(0),
  meanwhile: z.enum(["draft", "nowhere"]).default("draft"),
  changesId: z.boolean().default(false),
});

const CrmRow = z.strictObject({
  table: z.enum(["accounts", "contacts"]),
  id: z.uuid(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

/** Levers for tests and for the curious, below /sandbox. They are reachable from this machine only, like everything here. */
export function controlRoutes(sandbox: Sandbox): Router {
  const { store, faults, limits, notifications, entra, dataverse } = sandbox;
  const router = Router();
  router.use(express.json());

  router.get("/ledger", (request, response) => {
    const { after, effect } = z
      .object({ after: z.coerce.number().optional(), effect: z.string().optional() })
      .parse(request.query);
    response.json({
      value: readLedger(store, { ...(after === undefined ? {} : { after }), ...(effect ? { effect } : {}) }),
    });
  });
  router.get("/outside", (_request, response) => {
    response.json({ value: listOutside(sandbox) });
  });
  router.get("/outside/:id", (request, response) => showOutside(sandbox, request, response));

  router.post("/faults", (request, response) => {
    faults.add(Fault.parse(request.body));
    response.status(201).json({ waiting: faults.waiting() });
  });
  router.get("/faults", (_request, response) => {
    response.json({ waiting: faults.waiting(), done: faults.done() });
  });
  router.delete("/faults", (_request, response) => {
    faults.clear();
    response.status(204).end();
  });

  router.post("/domains", (request, response) => {
    const { domain, forget, spf, dkim, dmarc } = Domain.parse(request.body);
    setSenderDomain(store, domain, forget ? null : { spf: spf ?? null, dkim: dkim ?? null, dmarc: dmarc ?? null });
    response.status(204).end();
  });
  router.post("/limits", (request, response) => {
    response.json(Object.assign(limits, LimitsInput.parse(request.body)));
  });

  router.post("/late-copies", (request, response) => {
    const lateness = LatenessInput.parse(request.body);
    sandbox.sentCopies.lateness = () => lateness;
    response.status(204).end();
  });
  router.delete("/late-copies", (_request, response) => {
    sandbox.sentCopies.lateness = () => null;
    sandbox.sentCopies.bring();
    response.status(204).end();
  });

  router.get("/subscriptions", (_request, response) => {
    response.json({ value: sandbox.subscriptions.all() });
  });
  router.delete("/subscriptions/:id", (request, response) => {
    sandbox.subscriptions.expire(request.params.id);
    response.status(204).end();
  });
  router.post("/lifecycle", (request, response) => {
    const { event, subscriptionId } = LifecycleInput.parse(request.body);
    notifications.tellLifecycle(event, subscriptionId);
    response.status(202).end();
  });
  router.post("/delta-reset", (request, response) => {
    const { mailbox, folder } = z
      .strictObject({ mailbox: z.string(), folder: z.literal("inbox").or(z.literal("sentitems")).default("inbox") })
      .parse(request.body);
    sandbox.resetDelta(mailbox, folder);
    response.status(204).end();
  });

  router.put("/dataverse/:table/:id", (request, response) => {
    const { table, id, fields } = CrmRow.parse({ ...request.params, fields: request.body });
    dataverse.put(table, fields, id);
    response.status(204).end();
  });
  router.delete("/dataverse/:table/:id", (request, response) => {
    const { table, id } = CrmRow.parse({ ...request.params, fields: {} });
    response.status(dataverse.remove(table, id) ? 204 : 404).end();
  });
  router.post("/dataverse/forgetting", (_request, response) => {
    dataverse.forgetHistory();
    response.status(204).end();
  });

  router.post("/signing-keys", async (_request, response) => {
    await entra.rotateKeys();
    response.status(201).end();
  });
  router.post("/claims-challenge", (_request, response) => {
    entra.challenge.require();
    response.status(204).end();
  });
  router.delete("/claims-challenge", (_request, response) => {
    entra.challenge.lift();
    response.status(204).end();
  });

  router.use((problem: unknown, _request: Request, response: Response, next: (problem: unknown) => void) => {
    if (!(problem instanceof z.ZodError)) return next(problem);
    response.status(400).json({ title: "Bad request", detail: z.prettifyError(problem) });
  });
  return router;
}

/** A folder's readers get 410 with their next delta link and must read everything again. */
export function resetDelta(sandbox: Pick<Sandbox, "store">, address: string, folder: "inbox" | "sentitems") {
  const mailbox = mailboxOf(sandbox.store, address);
  if (!mailbox) throw new Error(`No mailbox has the address ${address}.`);
  sandbox.store.run(
    "update folder set delta_epoch = delta_epoch + 1 where id = ?",
    wellKnown(sandbox.store, mailbox.id, folder).id,
  );
}

type Outside = { id: number; at: string; sender: string; recipients: string; contentId: number };

const listOutside = ({ store }: Sandbox) =>
  store
    .all<Outside>("select id, at, sender, recipients, content_id as contentId from outside order by id")
    .map(({ id, at, sender, recipients }) => ({ id, at, sender, recipients: JSON.parse(recipients) }));

function showOutside({ store }: Sandbox, request: Request, response: Response) {
  const row = store.one<Outside>(
    "select id, content_id as contentId from outside where id = ?",
    Number(request.params.id),
  );
  if (row) response.type("text/plain").send(readContent(store, row.contentId));
  else
    response
      .status(404)
      .json({ title: "Not found", detail: "No such mail left the tenant. GET /sandbox/outside lists them." });
}
