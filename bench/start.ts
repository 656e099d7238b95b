/** From `npm start` to everything ready: the first time in an empty folder, and again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProduct } from "../test/product.ts";
import { print, timed } from "./measure.ts";

export async function measureStart() {
  const data = mkdtempSync(join(tmpdir(), "deskhatch-bench-"));
  try {
    for (const name of ["start_first_s", "start_again_s"]) {
      const [product, milliseconds] = await timed(() => startProduct({ data }));
      print(name, milliseconds / 1000, "s", 1);
      await product.stop();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
