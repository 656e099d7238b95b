/** One line of routes.ts: what is asked where, which agents may, and the verb that answers. */
import type { RequestHandler } from "express";
import type { z } from "zod";
import type { Endpoint } from "../platform/endpoint.ts";
import type { AgentContext, Asking, DeskContext } from "./context.ts";

// biome-ignore lint/suspicious/noExplicitAny: a list of verbs whose inputs and answers differ; each checks its own.
export type Verb = Endpoint<any, any, AgentContext>;

/** A verb whose body or answer is a file and not JSON. */
export type Streamed = {
  summary: string;
  status: number;
  input: z.ZodType;
  takesFile: boolean;
  /** Null: the answer is the file itself. */
  output: z.ZodType | null;
  handle: (context: DeskContext) => RequestHandler;
};

export type Method = "get" | "post" | "patch" | "put" | "delete";
type Role = Asking["agent"]["role"];

export type Route = { method: Method; path: string; roles: readonly Role[]; verb: Verb | Streamed };

const route =
  (method: Method) =>
  (path: string, roles: readonly Role[], verb: Verb | Streamed): Route => ({ method, path, roles, verb });

export const get = route("get");
export const post = route("post");
export const patch = route("patch");
export const put = route("put");
export const del = route("delete");
