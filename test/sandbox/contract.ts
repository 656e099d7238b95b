import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { mailboxRoutes } from "../../sandbox/graph/routes.ts";
import { essentialsFor } from "./graph-schema.ts";
import type { GraphAnswer } from "./world.ts";

/** Microsoft's own description of the mail API, when it lies beside the repository. */
const file = fileURLToPath(new URL("../../../shared/data/graph-contract/graph-mail.openapi.json", import.meta.url));

export const contractIsHere = existsSync(file);

type Media = { schema?: unknown };
type Operation = { responses: Record<string, { content?: Record<string, Media> }> };
type Contract = { paths: Record<string, Record<string, Operation>> };

const contract: Contract | null = contractIsHere ? JSON.parse(readFileSync(file, "utf8")) : null;
const id = "https://contract.local/graph";

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
for (const format of ["int32", "int64"]) ajv.addFormat(format, true);
if (contract) ajv.addSchema({ $id: id, ...contract });

const operations = Object.entries(contract?.paths ?? {}).map(([template, methods]) => ({
  parts: template.split("/").filter(Boolean),
  methods,
}));

/** Which of the sandbox's routes have been asked and answered well so far. */
export const exercised = new Set<string>();

/** Fails the test when an answer of the sandbox is not one that Graph could give. */
export function checkAnswer(method: string, path: string, answer: GraphAnswer) {
  const segments = readSegments(path);
  if (answer.status < 300) note(method, segments);
  essentialsFor(method, segments, answer);
  if (!contract) return;
  const schema = schemaFor(method, segments, answer.status);
  if (schema === undefined)
    throw new Error(`Graph's contract knows no ${answer.status} to ${method} ${path}: ${answer.text}`);
  if (schema === null || answer.body === null) return;
  validate(schema, answer.body, `${method} ${path}`);
}

export function validate(schema: unknown, value: unknown, what: string) {
  const check = checkerFor(JSON.stringify(schema).replaceAll('"#/', `"${id}#/`));
  if (check(value)) return;
  const why = check.errors?.map((one) => `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`).join("\n");
  throw new Error(`${what} is not what Graph answers:\n${why}\n${JSON.stringify(value).slice(0, 2000)}`);
}

const checkers = new Map<string, ReturnType<typeof ajv.compile>>();

/** Compiling takes longer than checking: each schema is compiled once. */
function checkerFor(schema: string) {
  const checker = checkers.get(schema) ?? ajv.compile(JSON.parse(schema));
  checkers.set(schema, checker);
  return checker;
}

export const namedSchema = (name: string) => ({ $ref: `${id}#/components/schemas/${name}` });

const readSegments = (path: string) =>
  path
    .split("/")
    .filter(Boolean)
    .map((part) => decodeURIComponent(part));

function note(method: string, segments: string[]) {
  const inMailbox = segments[0] === "me" ? segments.slice(1) : segments.slice(2);
  const route = mailboxRoutes.find(
    (one) => one.method === method && fits(one.path.split("/").filter(Boolean), inMailbox),
  );
  if (route) exercised.add(`${route.method} ${route.path}`);
}

const fits = (parts: string[], segments: string[]) =>
  parts.length === segments.length &&
  parts.every((part, at) => part.startsWith(":") || part.toLowerCase() === segments[at]?.toLowerCase());

/** Undefined: no such answer. Null: an answer without a described body. */
function schemaFor(method: string, segments: string[], status: number): unknown {
  const matching = operations.filter(({ parts }) => {
    const isParameter = (part: string) => part.startsWith("{");
    return (
      parts.length === segments.length &&
      parts.every((part, at) => isParameter(part) || part.toLowerCase() === segments[at]?.toLowerCase())
    );
  });
  // The most literal template first: /messages/delta before /messages/{message-id}.
  matching.sort((one, other) => literal(other.parts) - literal(one.parts));
  const operation = matching.map(({ methods }) => methods[method.toLowerCase()]).find(Boolean);
  if (!operation) return status >= 400 ? null : undefined;
  const response = operation.responses[status] ?? operation.responses[`${String(status)[0]}XX`];
  if (!response) return undefined;
  return Object.values(response.content ?? {})[0]?.schema ?? null;
}

const literal = (parts: string[]) => parts.filter((part) => !part.startsWith("{")).length;
