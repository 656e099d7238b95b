import type { DeskContext } from "../desk/context.ts";
import type { FileStore } from "../platform/storage.ts";
import type { Publisher } from "./publisher.ts";

/** What the door works with: the desk, and its own key to the customers' room. */
export type DoorContext = DeskContext & {
  publisher: Publisher;
  /** The portal's own files: copies of released ones, and what customers uploaded. */
  portalFiles: FileStore;
  /** Publishings that wait in this process for the end of a grace period. */
  timers: Set<NodeJS.Timeout>;
  /** Runs apart from the request under way, so that what happens later is no part of its answer (see desk/idempotency.ts). */
  apart: <Result>(work: () => Result) => Result;
};
