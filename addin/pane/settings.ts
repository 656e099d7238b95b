import { z } from "zod";

const Settings = z.object({
  /** The sign-in authority: https://login.microsoftonline.com/<tenant id>. */
  authority: z.url(),
  clientId: z.string(),
  scopes: z.array(z.string()),
});
export type Settings = z.infer<typeof Settings>;

/** The settings that the desk wrote into the page: server/desk/pane.ts. */
export function readSettings(): Settings {
  const element = document.getElementById("settings");
  return Settings.parse(JSON.parse(element?.textContent ?? "null"));
}
