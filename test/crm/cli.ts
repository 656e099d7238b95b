/** The real command, as an administrator runs it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export async function deskhatch(rooms: { desk: string; publisher: string; portal: string }, ...args: string[]) {
  const child = spawn(process.execPath, ["server/cli.ts", ...args], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL_DESK: rooms.desk,
      DATABASE_URL_PUBLISHER: rooms.publisher,
      DATABASE_URL_PORTAL: rooms.portal,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", error: "" };
  child.stdout.on("data", (chunk) => (said.out += chunk));
  child.stderr.on("data", (chunk) => (said.error += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { ...said, code };
}
