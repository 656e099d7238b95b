import type { RequestHandler } from "express";
import { problem } from "../platform/problems.ts";

/** PostgreSQL's text holds every sign but NUL, and no person writes one: such a request is refused before it gets there. */
export const noNul: RequestHandler = (req, _res, next) => {
  if (holdsNul(req.query) || holdsNul(req.params) || holdsNul(req.body))
    throw problem(400, "invalid_text", "The request holds a NUL character, which no text here may. Remove it.");
  next();
};

/** Without recursion: how deep a request goes is for its sender to choose. */
function holdsNul(request: unknown): boolean {
  const left = [request];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string" && value.includes("\0")) return true;
    if (typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value)) left.push(name, inner);
  }
  return false;
}
