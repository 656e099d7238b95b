/**
 * Writes the two Prisma clients into prisma/generated.
 * The CLI wants the path of a native engine that generating never starts; any file will do (facts of the stack: no download).
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(import.meta.resolve("prisma/build/index.js"));

for (const room of ["desk", "portal"]) {
  const schema = fileURLToPath(new URL(`./${room}/schema.prisma`, import.meta.url));
  const { status, stderr, stdout } = spawnSync(process.execPath, [cli, "generate", "--schema", schema, "--no-hints"], {
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
    encoding: "utf8",
  });
  if (status !== 0) {
    process.stderr.write(`${stdout}\n${stderr}\nThe ${room} client could not be generated from ${schema}.\n`);
    process.exit(1);
  }
}
