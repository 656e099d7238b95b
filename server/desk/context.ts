import type { DeskSettings } from "../platform/config.ts";
import type { FileStore } from "../platform/storage.ts";
import type { Desk } from "./database.ts";
import type { Graph } from "./graph/graph.ts";
import type { DeskQueue } from "./jobs.ts";
import type { MailReader } from "./mail/reading/reader.ts";

/** What the desk works with; made once at the start of the process. */
export type DeskContext = {
  desk: Desk;
  queue: DeskQueue;
  /** The desk's own files: raw mails and attachments. */
  files: FileStore;
  graph: Graph;
  /** Reads the mails that lie in `files`. */
  reader: MailReader;
  settings: DeskSettings;
};

/** Who asks, and from where; read from the token and the request, never from the body. */
export type Asking = {
  agent: { id: string; name: string; address: string; role: "agent" | "lead" | "admin" };
  /** The program that asks, for the audit log: "outlook-pane". */
  client: string;
  ip: string;
};

/** What the verbs of the API get. `version` is the If-Match that the caller sent. */
export type AgentContext = DeskContext & Asking & { version: number | null };
