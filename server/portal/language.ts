import { z } from "zod";
import { languages } from "../../portal/text/index.ts";
import { read, type Visit } from "./visit.ts";

/** A path of this portal, never another site: it begins with one slash and holds nothing that leads away. */
const Back = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[\w\-./?=&%+~]*$/)
  .catch("/");

/** POST /language */
export async function chooseLanguage({ portal, req, res }: Visit<null>) {
  const { language, back } = read(z.strictObject({ language: z.enum(languages), back: Back }), req.body);
  portal.jar.set(res, "language", language);
  res.redirect(303, back);
}
