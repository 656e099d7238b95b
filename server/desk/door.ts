import type { z } from "zod";
import type { Endpoint } from "../platform/endpoint.ts";
import type { AgentContext } from "./context.ts";

// biome-ignore lint/suspicious/noExplicitAny: a list of verbs whose inputs differ; each checks its own.
type Verb = Endpoint<z.ZodType<any>, any, AgentContext>;

/**
 * The verbs that lead to the customer. They live in server/release, the only folder that knows both rooms;
 * the desk lists them among its routes and knows no more of them than this.
 */
export type Door = {
  writeReply: Verb;
  writeNewMail: Verb;
  takeBackReply: Verb;
  releaseEntry: Verb;
  retractEntry: Verb;
  previewRelease: Verb;
  customerView: Verb;
  releaseTicket: Verb;
  inviteContact: Verb;
  takeOntoTicket: Verb;
  leaveOutOfTicket: Verb;
};
