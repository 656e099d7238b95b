import type { RequestHandler } from "express";
import type { Portal } from "./app.ts";

/** The process runs. */
export const live: RequestHandler = (_req, res) => {
  res.json({ live: true });
};

/** Customers can be served: the database answers. */
export const ready =
  ({ database }: Portal): RequestHandler =>
  async (_req, res) => {
    await database.read("ready", "select 1 from published_tickets limit 1", []);
    res.json({ ready: true });
  };
