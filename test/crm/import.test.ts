/** `import contacts FILE`: what an administrator sees, and what is in the desk afterwards. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import iconv from "iconv-lite";
import pg from "pg";
import { csvSource } from "../../server/desk/crm/csv/source.ts";
import type { CrmSource } from "../../server/desk/crm/source.ts";
import { startAnew } from "../../server/desk/crm/state.ts";
import { syncCrm } from "../../server/desk/crm/sync.ts";
import { rehearse } from "../../server/desk/database.ts";
import { aWorld, type World } from "../desk/world.ts";
import { deskhatch } from "./cli.ts";

let world: World;
let folder: string;

beforeAll(async () => {
  world = await aWorld();
  folder = mkdtempSync(join(tmpdir(), "deskhatch-import-"));
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
function aFile(content: string | Buffer, name = `contacts-${++files}.csv`) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function imports(content: string | Buffer, ...options: string[]) {
  const { code, out, error } = await deskhatch(world.rooms, "import", "contacts", aFile(content), "--json", ...options);
  if (code !== 0) throw new Error(error);
  return JSON.parse(out);
}

const contactWith = (address: string) =>
  world.desk.contact.findFirst({
    where: { addresses: { some: { address } } },
    include: {
      addresses: { orderBy: [{ primary: "desc" }, { address: "asc" }] },
      organization: { include: { domains: true } },
    },
  });

test("a dry run tells what would change, with the lines, and changes nothing; the run changes just that; twice is once", async () => {
  const file = [
    "Contact ID;First name;Last name;E-mail;E-mail 2;Company;Website;Language",
    "C-1;Alice;Moreau;alice@dry.test;a.moreau@dry-freight.test;Dry Dock Ltd;https://www.dry.test/en;French",
    "C-2;Adam;Lindqvist;Adam@Dry.test;;Dry Dock Ltd;dry.test;",
    "C-3;Sol;Ito;sol@freemail.test;;;;",
  ].join("\n");
  const dry = await imports(file, "--dry-run");
  expect(dry).toMatchObject({
    dryRun: true,
    contacts: { created: 3, changed: 0, unchanged: 0 },
    organizations: { created: 1 },
    conflicts: { count: 0 },
    ignoredColumns: [],
  });
  expect(dry.first.created).toContainEqual(expect.objectContaining({ kind: "contact", name: "Alice Moreau", line: 2 }));
  expect(await world.desk.crmLink.count()).toBe(0);
  expect(await contactWith("alice@dry.test")).toBeNull();

  const real = await imports(file);
  expect({ ...real, dryRun: true }).toEqual(dry);
  expect(await contactWith("alice@dry.test")).toMatchObject({
    name: "Alice Moreau",
    language: "fr",
    addresses: [{ address: "alice@dry.test", primary: true }, { address: "a.moreau@dry-freight.test" }],
    organization: { name: "Dry Dock Ltd", personal: false, domains: [{ domain: "dry.test" }] },
  });
  expect(await contactWith("sol@freemail.test")).toMatchObject({ organization: { name: "Sol Ito", personal: true } });

  const again = await imports(file);
  expect(again).toMatchObject({
    contacts: { created: 0, changed: 0, unchanged: 3 },
    organizations: { created: 0, changed: 0, unchanged: 1 },
    conflicts: { count: 0 },
  });
});

const umlauts = "Name;E-Mail;Firma\r\nJörg Weiß;joerg@{}.test;Käse & Söhne\r\n";

test.each([
  ["utf-8", Buffer.from(umlauts.replace("{}", "utf8"))],
  ["utf-8 with a mark", Buffer.from(`\uFEFF${umlauts.replace("{}", "utf8bom")}`)],
  ["utf-16le with a mark", Buffer.from(`\uFEFF${umlauts.replace("{}", "utf16")}`, "utf16le")],
  ["utf-16le without one", Buffer.from(umlauts.replace("{}", "utf16plain"), "utf16le")],
  ["utf-16be", iconv.encode(umlauts.replace("{}", "utf16be"), "utf-16be", { addBOM: true })],
  ["windows-1252", iconv.encode(umlauts.replace("{}", "win"), "windows-1252")],
  ["tabs", Buffer.from(umlauts.replace("{}", "tabs").replaceAll(";", "\t"))],
  ["commas", Buffer.from(umlauts.replace("{}", "commas").replaceAll(";", ","))],
  ["Excel's sep=", Buffer.from(`sep=;\r\n${umlauts.replace("{}", "sep")}`)],
])("a file in %s is read as it was written", async (_, content) => {
  const file = aFile(content);
  await syncCrm(world.context, csvSource({ id: `file-${files}`, complete: false, find: async () => file }));
  const links = await world.desk.crmLink.findMany({ where: { sourceId: `file-${files}` }, select: { said: true } });
  expect(links.map(({ said }) => said)).toEqual([
    expect.objectContaining({ kind: "organization", name: "Käse & Söhne" }),
    expect.objectContaining({ kind: "contact", name: "Jörg Weiß", addresses: [expect.stringMatching(/^joerg@/)] }),
  ]);
});

test("cells hold quotes, line breaks, separators, several addresses and formulas: all of it is words", async () => {
  const { contacts, conflicts } = await imports(
    [
      "id,name,email,company",
      'q1,"Una ""The Boss"" Lund\nof two lines","una@q.test; una.l@q.test",=HYPERLINK("http://evil.test")',
      'q2,"=1+1",<two@q.test>,"Cut, Copy; Paste"',
    ].join("\n"),
  );
  expect([contacts.created, conflicts.count]).toEqual([2, 0]);
  const una = await contactWith("una.l@q.test");
  expect(una).toMatchObject({
    name: 'Una "The Boss" Lund\nof two lines',
    addresses: [{ address: "una@q.test" }, { address: "una.l@q.test" }],
  });
  expect(una?.organization.name).toContain("=HYPERLINK");
  expect(await contactWith("two@q.test")).toMatchObject({ name: "=1+1", organization: { name: "Cut, Copy; Paste" } });
});

test("what cannot be brought into agreement is a sentence with its line, and everything else is done", async () => {
  const vera = await world.aContact({ name: "Vera", address: "vera@taken.test" });
  const wim = await world.aContact({ name: "Wim", address: "wim@taken.test" });
  const { contacts, conflicts } = await imports(
    [
      "id,name,email,company,domain,language,portal scope,company id",
      "k1,Vera,vera@taken.test,,,,,",
      "k2,Xaver,wim@taken.test;vera@taken.test;xaver@taken.test,,,,,",
      "k3,Yves,not an address,,,,,",
      "k1,Vera again,vera2@taken.test,,,,,",
      ",Nobody,,,,,,",
      ",Zoe,zoe@taken.test,Free Riders,gmail.com,Klingon,everything,F1",
      "k4,Kim,kim@taken.test,,,,,F9",
    ].join("\n"),
    "--first",
    "20",
  );
  const told = conflicts.first.map(({ line, sentence }: { line: number; sentence: string }) => `${line}: ${sentence}`);
  expect(told.sort()).toEqual([
    expect.stringContaining("3: vera@taken.test belongs to Vera here, and to Xaver in the file"),
    "4: “not an address” is no e-mail address, and is left out. Correct it there.",
    "5: Line 5 names Vera again a second time, by the same id or address. The first counts.",
    "6: Line 6 names neither a person with an address or an id, nor an organization.",
    expect.stringContaining("7: Anybody can have an address at gmail.com"),
    expect.stringContaining("7: “Klingon” is no language"),
    expect.stringContaining("7: “everything” is no portal scope"),
    expect.stringContaining("8: Line 8 names the organization F9 by its id only"),
  ]);
  expect(contacts).toMatchObject({ created: 3, changed: 2 });
  expect((await contactWith("vera@taken.test"))?.id).toBe(vera.id);
  expect((await contactWith("xaver@taken.test"))?.id).toBe(wim.id);
  expect(await world.desk.organizationDomain.count({ where: { domain: "gmail.com" } })).toBe(0);
});

test("what an agent wrote or taught stays, and is told when the file says otherwise; the rest follows the file", async () => {
  const anna = await world.anAgent();
  const { body } = await world
    .as(anna)
    .post("/api/contacts", { name: "Ole by Anna", address: "ole@hand.test", organizationName: "Hand Ltd" });
  const first = await imports("id,name,email,company\nh1,Ole,ole@hand.test,Other Ltd\nh2,Pia,pia@hand.test,Hand Ltd\n");
  expect(first.conflicts.first.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
    expect.stringContaining("“Ole by Anna” was named so here, and is “Ole” in the file"),
    expect.stringContaining("belongs to Hand Ltd here, as somebody decided, and to Other Ltd in the file"),
  ]);
  expect(await contactWith("ole@hand.test")).toMatchObject({
    id: body.id,
    name: "Ole by Anna",
    organization: { name: "Hand Ltd" },
  });

  const pia = await contactWith("pia@hand.test");
  await world.as(anna).post(`/api/contacts/${pia?.id}/addresses`, { address: "pia@home.test" });
  const next = await imports("id,name,email,company\nh2,Pia Berg,p.berg@hand.test,Hand Ltd\n");
  expect(next.first.changed).toEqual([
    {
      kind: "contact",
      name: "Pia Berg",
      line: 2,
      what: ["name “Pia” → “Pia Berg”", "address p.berg@hand.test", "no longer pia@hand.test"],
    },
  ]);
  expect(await contactWith("p.berg@hand.test")).toMatchObject({
    id: pia?.id,
    name: "Pia Berg",
    addresses: [{ address: "p.berg@hand.test", primary: true }, { address: "pia@home.test" }],
  });
});

test("a contact that only a mail made is completed; one behind a role address is not guessed", async () => {
  const made = await world.aContact({ name: "m.mail", address: "m.mail@made.test" });
  const desk = await world.aContact({ name: "Front desk", address: "info@made.test" });
  const { conflicts } = await imports(
    "name,email,company\nMia Mail,m.mail@made.test,Made Ltd\nRob Reception,info@made.test,Made Ltd\n",
  );
  expect(await contactWith("m.mail@made.test")).toMatchObject({
    id: made.id,
    name: "Mia Mail",
    organization: { name: "Made Ltd" },
  });
  expect(await world.desk.organization.count({ where: { id: made.organizationId } })).toBe(0);
  expect((await contactWith("info@made.test"))?.id).toBe(desk.id);
  expect(conflicts.first[0].sentence).toContain(
    "info@made.test belongs to Front desk here, and to Rob Reception in the file.",
  );
});

const people = (count: number, mark: string) =>
  [
    "id,name,email,company",
    ...Array.from({ length: count }, (_, n) => `${mark}${n},Person ${n},p${n}@${mark}.test,Company ${mark}`),
  ].join("\n");

test("LOAD: of a file of any length no more is held than the batch that is being worked out, in an import and in a dry run", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const file = aFile(people(4000, "bounded"));
  const source = csvSource({ id: "bounded", complete: true, find: async () => file });
  const most = { import: 0, rehearsal: 0 };

  const held: WeakRef<object>[] = [];
  const watched: CrmSource = {
    ...source,
    read: async (place) => {
      const page = await source.read(place);
      held.push(...(page?.changes ?? []).map((change) => new WeakRef(change)));
      return page;
    },
  };
  const countHeld = (run: keyof typeof most) => async () => {
    // What was looked at through a WeakRef stays until this turn is over.
    await new Promise(setImmediate);
    collect();
    most[run] = Math.max(most[run], held.filter((change) => change.deref() !== undefined).length);
    return false;
  };
  await rehearse(world.desk, async (tx) => {
    await startAnew(tx, watched);
    await syncCrm(world.context, watched, { rehearsal: tx, enough: countHeld("rehearsal") });
  });
  await source.close();
  await syncCrm(world.context, watched, { enough: countHeld("import") });
  await source.close();
  expect(await world.desk.crmLink.count({ where: { sourceId: "bounded" } })).toBe(4001);
  expect(held).toHaveLength(2 * 4008);
  expect(most.import).toBeLessThanOrEqual(2 * 501);
  expect(most.rehearsal).toBeLessThanOrEqual(2 * 501);
});

test("a dry run ends, with what it has seen, when somebody has to wait for it", async () => {
  const anna = await world.anAgent();
  const late = await world.aContact({ name: "Late", address: "p700@wait.test" });
  const other = new pg.Client({ connectionString: world.rooms.desk });
  await other.connect();
  const waiting = async (count: number) => {
    for (;;) {
      const waits = await world.desk.$queryRaw<object[]>`
        select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      if (waits.length >= count) return;
    }
  };
  await other.query("begin");
  await other.query("select id from contacts where id = $1 for update", [late.id]);
  const dry = imports(people(3000, "wait"), "--dry-run");
  await waiting(1);
  const added = world.as(anna).post("/api/contacts", { name: "Pat", address: "p1@wait.test" });
  await waiting(2);
  await other.query("commit");
  await other.end();

  expect((await added).status).toBe(201);
  const { ended, contacts } = await dry;
  expect(ended).toMatch(/^Somebody had to wait for this dry run, so it ended after line 1001,/);
  expect(contacts).toMatchObject({ created: 999, changed: 1 });
  expect(await world.desk.crmLink.count({ where: { externalId: { startsWith: "wait" } } })).toBe(0);
});

test.each([
  ["import contacts", /Name the file/],
  ["import contacts /nowhere/at-all.csv", /cannot be read\. Check its path/],
  ["import contacts {empty}", /is empty\. Its first line has to name the columns/],
  ["import contacts {strange}", /has no column for addresses or organizations; its columns are: colour, size/],
  ["import contacts {open}", /a cell begins with a quote that does not end/],
  ["import contacts {empty} --source dataverse", /--source names the list/],
])("%s ends with a sentence that says what to do", async (line, sentence) => {
  const paths: Record<string, string> = {
    "{empty}": aFile("", "empty.csv"),
    "{strange}": aFile("colour,size\nred,1\n", "strange.csv"),
    "{open}": aFile(`name,email\n"Ann,ann@open.test\n${"more words\n".repeat(200_000)}`, "open.csv"),
  };
  const { code, error } = await deskhatch(world.rooms, ...line.split(" ").map((word) => paths[word] ?? word));
  expect(code).toBe(1);
  expect(error).toMatch(sentence);
});

test("a cell that is longer than any id, address or name costs its own line something, and the import nothing", async () => {
  const notes = randomBytes(6000).toString("hex");
  const file = [
    "Id,Name,E-mail,Company,Company Id",
    `${notes},Nora Notes,nora@notes.test,Notes Ltd,${notes}`,
    `,,${notes}`,
    `,,${notes}@notes.test`,
    ",Ann After,ann@after-notes.test",
  ].join("\n");
  const { conflicts } = await imports(file);
  expect(conflicts.first).toContainEqual({ line: 2, sentence: expect.stringContaining("more than 200 signs") });
  expect(await contactWith("nora@notes.test")).toMatchObject({ organization: { name: "Notes Ltd" } });
  expect(await contactWith("ann@after-notes.test")).not.toBeNull();
});

test("a name steers nobody's terminal and forges no line of the report", async () => {
  const name = "\u001b]0;owned\u0007\u001b[2JEve\n  line 9  Mallory";
  const file = aFile(`Name,E-mail\n"${name}",eve@terminal.test`);
  const { out } = await deskhatch(world.rooms, "import", "contacts", file, "--dry-run");
  expect(out).toContain("Eve");
  expect(out.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(out).not.toMatch(/^ {2}line 9/m);
});
