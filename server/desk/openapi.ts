/** The API's description (OpenAPI 3.1), made from the same contract that checks every request and answer. */
import { z } from "zod";
import type { DeskSettings } from "../platform/config.ts";
import type { Route } from "./route.ts";

type Schema = Record<string, unknown>;

export function describeApi(routes: Route[], settings: DeskSettings) {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Deskhatch: the desk",
      version: "1",
      description: "What agents do. Every answer that is not 2xx is a problem as in RFC 9457.",
    },
    servers: [{ url: `${settings.DESK_URL}/api` }],
    security: [{ entra: [] }],
    paths,
    components: {
      securitySchemes: {
        entra: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: `An access token of Entra ID for the scope api://${settings.ENTRA_CLIENT_ID}/Desk.Use.`,
        },
      },
      schemas: { Problem: problemSchema },
      responses: { Problem: { description: "What is wrong, and what to do", content: problemContent } },
    },
  };
}

const problemSchema = {
  type: "object",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { type: "string", description: "Names the kind for programs: about:blank#already_closed" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "A sentence the reader can act on" },
    errors: {
      type: "array",
      items: { type: "object", properties: { field: { type: "string" }, message: { type: "string" } } },
    },
  },
};

const problemContent = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };

function operation({ method, path, roles, verb }: Route): Schema {
  const input = jsonSchema(verb.input, "input");
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? "");
  const inBody = method !== "get" && !("handle" in verb);
  const fields = Object.entries(input.properties);
  const named = (name: string) => inPath.includes(name);
  const body = fields.filter(([name]) => inBody && !named(name));

  return {
    summary: verb.summary,
    operationId: operationId(method, path),
    "x-roles": roles,
    parameters: [
      ...inPath.map((name) => parameter("path", name, input.properties[name] ?? { type: "string" }, true)),
      ...fields
        .filter(([name]) => !inBody && !named(name))
        .map(([name, schema]) => parameter("query", name, schema, input.required.includes(name))),
      ...(method === "patch" ? [parameter("header", "If-Match", { type: "string" }, true)] : []),
      ...(method !== "get" ? [parameter("header", "Idempotency-Key", { type: "string" }, false)] : []),
    ],
    ...(body.length && { requestBody: { required: true, content: jsonContent(bodySchema(body, input.required)) } }),
    ...("handle" in verb && verb.takesFile && { requestBody: { required: true, content: anyFile } }),
    responses: {
      [verb.status]: {
        description: "Done",
        content: verb.output ? jsonContent(jsonSchema(verb.output, "output")) : anyFile,
      },
      ...Object.fromEntries(problemsOf(method, inPath, inBody).map((status) => [status, problemRef])),
    },
  };
}

const problemRef = { $ref: "#/components/responses/Problem" };
const anyFile = { "*/*": { schema: { type: "string", format: "binary" } } };
const jsonContent = (schema: Schema) => ({ "application/json": { schema } });
const parameter = (place: string, name: string, schema: unknown, required: boolean) => ({
  in: place,
  name,
  schema,
  required,
});

/** Which problems a route may answer with, beside those of our own (500, 503). */
function problemsOf(method: string, inPath: string[], inBody: boolean) {
  const writes = method !== "get";
  return [
    400,
    401,
    403,
    ...(inPath.length || writes ? [404] : []),
    ...(writes ? [409, 413, 422] : []),
    ...(method === "patch" && inBody ? [412, 428] : []),
    500,
    503,
  ];
}

const bodySchema = (fields: [string, unknown][], required: string[]) => ({
  type: "object",
  properties: Object.fromEntries(fields),
  required: required.filter((name) => fields.some(([field]) => field === name)),
  additionalProperties: false,
});

const Shape = z.looseObject({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

function jsonSchema(schema: z.ZodType, io: "input" | "output") {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io, unrepresentable: "any", target: "draft-2020-12" });
  return Shape.parse(shape);
}

const operationId = (method: string, path: string) =>
  `${method}${path.replace(/[/:-]+(\w)/g, (_, first: string) => first.toUpperCase())}`;
