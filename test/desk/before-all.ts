import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the databases of this run; a test file that needs one starts it there. */
export default function beforeAllTests() {
  process.env.DESKHATCH_TEST_FOLDER = mkdtempSync(join(tmpdir(), "deskhatch-tests-"));
}
