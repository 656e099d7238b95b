import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));

const Project = z.object({ references: z.array(z.object({ path: z.string() })).default([]) });
const referencesOf = (project: string) =>
  Project.parse(JSON.parse(readFileSync(join(root, project, "tsconfig.json"), "utf8"))).references.map(
    ({ path }) => path,
  );

/** What the compiler says to one more file in a project of the customers' room. */
function compile(project: "server/portal" | "portal", source: string) {
  const folder = mkdtempSync(join(tmpdir(), "deskhatch-boundary-"));
  try {
    writeFileSync(join(folder, "trespass.ts"), source);
    const references = referencesOf(project).map((path) => ({ path: join(root, project, path) }));
    const options = { rootDir: "/", outDir: join(folder, "out"), types: [] };
    const config = {
      extends: join(root, project, "tsconfig.json"),
      compilerOptions: options,
      include: ["trespass.ts"],
      references,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    return spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" }).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each(["server/portal", "portal"] as const)(
  "code in %s that names the desk or the door does not compile",
  (project) => {
    for (const file of ["server/desk/database.ts", "server/release/context.ts", "prisma/generated/desk/client.ts"])
      expect(compile(project, `import * as other from "${join(root, file)}"; export const name = other;`)).toContain(
        "TS6307",
      );
  },
);

test("what the customers' room may use does compile there", () => {
  expect(
    compile(
      "server/portal",
      `import { log } from "${join(root, "server/platform/log.ts")}"; export const name = log.level;`,
    ),
  ).not.toContain("TS6307");
});
