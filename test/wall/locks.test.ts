/** The wall's first four locks: database roles, types, the compiler, and the contract. The fifth is the canary walk. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { z } from "zod";
import * as contract from "../../portal/contract.ts";
import { Prisma as DeskModels } from "../../prisma/generated/desk/client.ts";
import { Prisma as PortalModels } from "../../prisma/generated/portal/client.ts";
import { freshRooms } from "../desk/world.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

describe("lock 1: the database's roles", () => {
  const addresses = freshRooms();

  async function as(address: string, sql = "select 1") {
    const client = new pg.Client({ connectionString: address });
    try {
      await client.connect();
      await client.query(sql);
      return "allowed";
    } catch (error) {
      return error instanceof pg.DatabaseError ? error.message : String(error);
    } finally {
      await client.end();
    }
  }
  /** The same role at the other database. */
  const at = (address: string, database: string) => address.replace(/[^/]+$/, database);
  const databaseOf = (address: string) => address.split("/").at(-1) ?? "";

  test("the portal and the publisher cannot even connect to the desk, nor the desk to the portal", async () => {
    const { desk, publisher, portal } = await addresses;
    expect(await as(at(portal, databaseOf(desk)))).toMatch(/permission denied for database/);
    expect(await as(at(publisher, databaseOf(desk)))).toMatch(/permission denied for database/);
    expect(await as(at(desk, databaseOf(portal)))).toMatch(/permission denied for database/);
    expect([await as(desk), await as(publisher), await as(portal)]).toEqual(["allowed", "allowed", "allowed"]);
  });

  test("no role enters another one's shoes, makes roles or databases, or reads files of the server", async () => {
    const { desk, publisher, portal } = await addresses;
    for (const address of [desk, publisher, portal]) {
      for (const role of ["desk", "publisher", "portal", "postgres"].filter((role) => !address.includes(`//${role}:`)))
        expect(await as(address, `set role ${role}`)).toMatch(/permission denied/);
      expect(await as(address, "create role more")).toMatch(/permission denied/);
      expect(await as(address, "create database more")).toMatch(/permission denied/);
      expect(await as(address, "select pg_read_file('/etc/passwd')")).toMatch(/permission denied/);
    }
  });

  test("the portal's role reads what was published and can publish, change or remove nothing of it", async () => {
    const { portal } = await addresses;
    const published = [
      "organizations",
      "customers",
      "customer_addresses",
      "published_tickets",
      "ticket_access",
      "published_entries",
      "published_files",
      "secure_links",
    ];
    for (const table of published) {
      expect(await as(portal, `select * from ${table}`)).toBe("allowed");
      expect(await as(portal, `insert into ${table} default values`)).toMatch(/permission denied/);
      expect(await as(portal, `update ${table} set organization_id = null`)).toMatch(/permission denied/);
      expect(await as(portal, `delete from ${table}`)).toMatch(/permission denied/);
    }
    expect(await as(portal, "update customer_acts set text = ''")).toMatch(/permission denied/);
    expect(await as(portal, "select * from portal_events")).toMatch(/permission denied/);
    expect(await as(portal, "create table mine (x int)")).toMatch(/permission denied/);
  });
});

describe("lock 2: types", () => {
  test("the portal's client can name nothing of the desk", () => {
    const desk: string[] = Object.values(DeskModels.ModelName);
    const portal: string[] = Object.values(PortalModels.ModelName);
    expect(desk).toEqual(expect.arrayContaining(["Entry", "Message", "Release", "Agent", "AuditRecord"]));
    expect(portal.filter((model) => desk.includes(model))).toEqual([]);
  });

  test("no column of the customers' room has a name for what is internal", () => {
    const schema = readFileSync(`${root}/prisma/portal/schema.prisma`, "utf8").replace(/\/\/.*$/gm, "");
    expect(schema).not.toMatch(
      /\b(note|internal|assignee|agentId|team|priority|quoted\w*|heldBecause|match|rawSha256)\b/,
    );
  });
});

describe("lock 3: the compiler", () => {
  const Project = z.object({
    include: z.array(z.string()),
    references: z.array(z.object({ path: z.string() })).default([]),
  });

  /** What the compiler says of a room with one more file in it, which imports these. */
  function trespassing(room: string, imported: string[]) {
    const folder = mkdtempSync(`${root}/.data/trespass-`);
    const { include, references } = Project.parse(JSON.parse(readFileSync(`${root}/${room}/tsconfig.json`, "utf8")));
    const project = {
      extends: `${root}/${room}/tsconfig.json`,
      compilerOptions: { outDir: `${folder}/types` },
      include: [`${folder}/*.ts`, ...include.map((files) => join(root, room, files))],
      references: references.map(({ path }) => ({ path: join(root, room, path) })),
    };
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(project));
    const lines = imported.map(
      (file, i) => `import * as other${i} from "${root}/${file}";\nexport const mine${i} = other${i};`,
    );
    writeFileSync(`${folder}/trespass.ts`, `${lines.join("\n")}\n`);
    try {
      const compiler = `${root}/node_modules/.bin/tsc`;
      const { stdout } = spawnSync(compiler, ["-b", folder], { cwd: root, encoding: "utf8" });
      return stdout.split("\n").filter((line) => line.includes("trespass.ts"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each([
    ["server/portal", "server/platform/log.ts", ["server/desk/database.ts", "server/release/door.ts"]],
    ["server/portal", "server/platform/log.ts", ["prisma/generated/desk/client.ts"]],
    ["portal", "portal/contract.ts", ["server/desk/contract/tickets.ts"]],
    ["server/desk", "server/platform/log.ts", ["server/portal/app.ts", "server/release/publisher.ts"]],
    ["server/desk", "server/platform/log.ts", ["prisma/generated/portal/client.ts"]],
  ])("%s may import %s, and of the other rooms nothing", (room, allowed, forbidden) => {
    const said = trespassing(room, [allowed, ...forbidden]);
    for (const file of forbidden)
      expect(said).toContainEqual(expect.stringMatching(new RegExp(`TS(6307|6059).*${file.replaceAll(".", "\\.")}`)));
    expect(said.join("\n")).not.toContain(allowed);
  });
});

describe("lock 4: the contract", () => {
  const schemas = Object.entries<unknown>(contract).flatMap(([name, schema]): [string, z.ZodType][] =>
    schema instanceof z.ZodType ? [[name, schema]] : [],
  );

  /** Every object inside a schema refuses what it does not list. */
  function looseObjects(schema: z.core.JSONSchema.BaseSchema, path = ""): string[] {
    const own = schema.type === "object" && schema.additionalProperties !== false ? [path || "(itself)"] : [];
    const inner = [
      ...Object.entries(schema.properties ?? {}),
      ...(schema.anyOf ?? []).map((branch, i) => [`|${i}`, branch] as const),
      ...(typeof schema.items === "object" && !Array.isArray(schema.items) ? [["[]", schema.items] as const] : []),
    ];
    return [
      ...own,
      ...inner.flatMap(([name, part]) => (typeof part === "object" ? looseObjects(part, `${path}.${name}`) : [])),
    ];
  }

  test.each(schemas)("%s is strict at every depth", (_, schema) => {
    expect(looseObjects(z.toJSONSchema(schema))).toEqual([]);
  });

  test("an answer with a field too many is an error, not an answer", () => {
    const entry = {
      id: "1",
      kind: "reply",
      side: "team",
      authorName: "Anna",
      html: "",
      at: "2026-11-22T10:00:00Z",
      files: [],
    };
    expect(contract.EntryView.safeParse(entry).success).toBe(true);
    expect(contract.EntryView.safeParse({ ...entry, note: "internal" }).success).toBe(false);
  });
});
