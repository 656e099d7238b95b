/** `npm start` as people meet it: the second time, twice at once, after a crash, and on a port that is taken. */
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../people.ts";
import { startProduct } from "../product.ts";

let data: string;

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), "deskhatch start "));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** Every process that was started with our folder on its command line or in its environment, from Linux's /proc. */
const left = () =>
  (process.platform === "linux" ? readdirSync("/proc") : [])
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => ["cmdline", "environ"].some((file) => read(`/proc/${pid}/${file}`).includes(data)));

/** Empty when the process ended meanwhile. */
function read(file: string) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

test("it says who can sign in, answers on every address, and Ctrl-C leaves no process behind", async () => {
  const product = await startProduct({ data, empty: true });
  expect(product.said()).toContain("Anna Albrecht <anna@deskhatch.test> (agent)");
  for (const url of [product.deskUrl, product.portalUrl]) expect((await fetch(`${url}/readyz`)).status).toBe(200);

  expect(await product.stop()).toBe(0);
  await eventually("all processes being gone", async () => left().length === 0);
});

test("a second start in the same folder is refused with a sentence, and the first goes on", async () => {
  const product = await startProduct({ data, empty: true });
  await expect(startProduct({ data, empty: true })).rejects.toThrow(/already running in .* End it with Ctrl-C/s);
  expect((await fetch(`${product.deskUrl}/readyz`)).status).toBe(200);
  await product.stop();
});

test("a taken port is named, with the setting that chooses another", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = address && typeof address === "object" ? address.port : 0;
  const start = startProduct({ data, empty: true, ports: { PORTAL_PORT: port } });
  await expect(start).rejects.toThrow(`port ${port} (choose another with PORTAL_PORT=…)`);
  other.close();
});

test("what a killed run left behind is taken over, and nothing is lost", async () => {
  const killed = await startProduct({ data, empty: true });
  process.kill(killed.pid, "SIGKILL");

  const product = await startProduct({ data, empty: true });
  expect((await fetch(`${product.portalUrl}/readyz`)).status).toBe(200);
  await product.stop();
  await eventually("all processes being gone", async () => left().length === 0);
});
