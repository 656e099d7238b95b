import { randomUUID } from "node:crypto";

/** RFC 9562, 5.7: begins with the time, so that new rows lie together in their index. */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
