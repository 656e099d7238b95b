import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type GraphCall, type GraphReply, metadata, ok, readJson } from "./call.ts";
import { GraphProblem } from "./problem.ts";

type Category = { id: string; displayName: string; color: string };

export function listCategories(call: GraphCall): GraphReply {
  const value = call.store.all<Category>(
    "select id, name as displayName, color from category where mailbox_id = ? order by name",
    call.mailbox.id,
  );
  return ok({ "@odata.context": metadata(call, call.path), value });
}

const NewCategory = z.object({
  displayName: z.string().min(1),
  color: z
    .string()
    .regex(/^(none|preset([0-9]|1[0-9]|2[0-4]))$/i)
    .transform((color) => color.toLowerCase())
    .default("none"),
});

export function createCategory(call: GraphCall): GraphReply {
  const { displayName, color } = readJson(call, NewCategory);
  const known = call.store.one(
    "select 1 from category where mailbox_id = ? and name = ?",
    call.mailbox.id,
    displayName,
  );
  if (known) throw new GraphProblem(409, "ErrorCategoryAlreadyExists", `The category ${displayName} exists already.`);
  const id = randomUUID();
  call.store.run(
    "insert into category (id, mailbox_id, name, color) values (?, ?, ?, ?)",
    id,
    call.mailbox.id,
    displayName,
    color,
  );
  return { status: 201, body: { "@odata.context": metadata(call, `${call.path}/$entity`), id, displayName, color } };
}
