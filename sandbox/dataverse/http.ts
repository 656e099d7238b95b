/** The Web API's front (webapi/compose-http-requests-handle-errors): token, headers, and answers as Dataverse writes them. */
import express, { type NextFunction, type Request, type Response, Router } from "express";
import { z } from "zod";
import type { Fault } from "../faults.ts";
import { filterRows, readPage, readSelect } from "./changes.ts";
import { isTable, type TableName, tables } from "./columns.ts";
import { badRequest, DataverseProblem, faultBody, notThere, problemBody } from "./problem.ts";
import type { CrmRow, Records } from "./records.ts";
import { etagOf, patchRow, readFields } from "./write.ts";

export type DataverseOptions = {
  records: Records;
  limits: { page: number };
  origin: () => string;
  /** The application that a token for this environment is for; null when it is none. */
  verify: (token: string) => Promise<string | null>;
};

export function dataverseRoutes({ records, limits, origin, verify }: DataverseOptions): Router {
  const router = Router();
  router.use(express.json({ limit: "1mb", type: () => true, strict: true }));
  router.use(async (request, response, next) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (token && (await verify(token))) return next();
    response.status(401).set("WWW-Authenticate", `Bearer authorization_uri=${origin()}/common/oauth2/authorize`).end();
  });

  router.get("/:table", (request, response, next) => {
    const table = tableIn(request);
    if (!table) return next();
    const query = new URLSearchParams(new URL(request.originalUrl, origin()).search);
    const prefer = String(request.headers.prefer ?? "");
    const asked = Number(/odata\.maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 0);
    const size = Math.min(asked || limits.page, limits.page);
    const page = readPage(records, { table, query, tracked: /odata\.track-changes/.test(prefer), size });
    const select = readSelect(table, query);
    const here = `${origin()}/api/data/v9.2/`;
    const value = [
      ...filterRows(table, page.rows, query).map((row) => shown(table, row, select, prefer)),
      ...page.deleted.map((id) => ({
        "@odata.context": `${here}$metadata#${table}/$deletedEntity`,
        id,
        reason: "deleted",
      })),
    ];
    write(response, {
      "@odata.context": `${here}$metadata#${table}(${select.join(",")})${page.isDelta ? "/$delta" : ""}`,
      ...(page.next && {
        [page.next.name === "$deltatoken" ? "@odata.deltaLink" : "@odata.nextLink"]: linkTo(
          here,
          table,
          select,
          page.next,
        ),
      }),
      value,
    });
  });

  router.get("/:row", (request, response) => {
    const { table, id } = rowIn(request);
    const query = new URLSearchParams(new URL(request.originalUrl, origin()).search);
    const row = records.find(table, id);
    if (!row) throw notThere(tables[table].entity, id);
    const select = readSelect(table, query);
    write(response, {
      "@odata.context": `${origin()}/api/data/v9.2/$metadata#${table}(${select.join(",")})/$entity`,
      ...shown(table, row, select, String(request.headers.prefer ?? "")),
    });
  });

  router.patch("/:row", (request, response) => {
    const { table, id } = rowIn(request);
    const row = patchRow(records, table, id, request.body, request.headers);
    response.set("OData-EntityId", `${origin()}/api/data/v9.2/${table}(${row.id})`);
    write(response, null);
  });

  router.post("/:table", (request, response, next) => {
    const table = tableIn(request);
    if (!table) return next();
    const row = records.put(table, readFields(records, table, request.body));
    response.set("OData-EntityId", `${origin()}/api/data/v9.2/${table}(${row.id})`);
    write(response, null);
  });

  router.delete("/:row", (request, response) => {
    const { table, id } = rowIn(request);
    if (!records.remove(table, id)) throw notThere(tables[table].entity, id);
    write(response, null);
  });

  router.use((request) => {
    throw noSuchResource(request.path.slice(1));
  });
  router.use(answerProblem);
  return router;
}

/** `/accounts`; not `/accounts(…)`, which the next route has. */
function tableIn(request: Request): TableName | null {
  const name = String(request.params.table);
  return isTable(name) ? name : null;
}

function rowIn(request: Request): { table: TableName; id: string } {
  const [, table = "", id = ""] = /^(\w+)\(([0-9a-f-]{36})\)$/i.exec(String(request.params.row)) ?? [];
  if (isTable(table)) return { table, id };
  throw noSuchResource(String(request.params.row));
}

const noSuchResource = (name: string) =>
  new DataverseProblem(404, "0x80060888", `Resource not found for the segment '${name}'.`);

function linkTo(here: string, table: TableName, select: string[], { name, token }: { name: string; token: string }) {
  return `${here}${table}?$select=${select.join(",")}&${name}=${encodeURIComponent(token)}`;
}

function shown(table: TableName, row: CrmRow, select: string[], prefer: string) {
  const { key } = tables[table];
  const annotated = /lookuplogicalname|include-annotations="?\*/.test(prefer);
  const values = select.flatMap((column): [string, unknown][] => {
    if (column === key) return [[key, row.id]];
    const kind = row.fields[`${column}@lookup`];
    return [
      [column, row.fields[column] ?? null],
      ...(annotated && kind ? [[`${column}@Microsoft.Dynamics.CRM.lookuplogicalname`, kind] as [string, unknown]] : []),
    ];
  });
  return { "@odata.etag": etagOf(row), ...Object.fromEntries(values) };
}

/** The fault script may lose an answer whose effect was made, or the second half of it. */
function write(response: Response, body: object | null) {
  const fault: Fault | undefined = response.locals.fault;
  if (fault?.do === "effectThenDrop") return void response.req.socket.destroy();
  if (fault?.do === "effectThenHold") return;
  if (fault?.do === "effectThenError") return void response.status(504).json(faultBody(504));
  response.set("OData-Version", "4.0");
  if (/odata\.track-changes/.test(String(response.req.headers.prefer ?? "")))
    response.set("Preference-Applied", "odata.track-changes");
  if (!body) return void response.status(204).end();
  const text = JSON.stringify(body);
  response
    .type("application/json; odata.metadata=minimal")
    .end(fault?.do === "truncate" ? text.slice(0, text.length / 2) : text);
}

const Unreadable = z.object({ status: z.literal(400) });

function answerProblem(problem: unknown, _request: Request, response: Response, next: NextFunction) {
  const unreadable = Unreadable.safeParse(problem);
  const told =
    problem instanceof DataverseProblem
      ? problem
      : unreadable.success
        ? badRequest("The body is no JSON.", "0x80048d19")
        : null;
  if (!told || response.headersSent) return next(problem);
  response.status(told.status).set("OData-Version", "4.0").set(told.headers).json(problemBody(told));
}
