/** When a process dies: at any time, or at a moment seen from outside. The product knows nothing of it. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Unit } from "./process.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

type Victim = Pick<Unit, "name" | "kill" | "isReady">;

/** Waits for the moment and says who is in the middle of it; nobody when it did not come. */
export type Moment = { name: string; come: (world: World, random: Random) => Promise<Victim[]> };

/** How long we look out for a moment that may not come. */
const lookOutFor = 2000;

const messages = "/messages(?:/[^/]+)?";

export const moments: Moment[] = [
  ...sometime("desks", "desks", "desks", "portals", "postgres", "postgres", "postgres", "postgres"),
  everythingAtOnce(),

  ...atGraph("a delta page", "GET", "/delta\\?"),
  ...atGraph("a mail's bytes", "GET", "/\\$value"),
  ...atGraph("a draft", "POST", `${messages}(?:/createReply)?$`),
  ...atGraph("a draft's words", "PATCH", `${messages}$`),
  ...atGraph("a send", "POST", "/send$"),
  ...atGraph("looking for a sent mail", "GET", `${messages}\\?.*(?:select|filter)`),

  ...whenSql("a mail is being received", "desk", "inbox_items where state = 'pending' and attempts > 0"),
  ...whenSql("a reply is being drafted", "desk", "sendings where state = 'drafted'"),
  ...whenSql("a reply is being sent", "desk", "sendings where state = 'sending' and accepted_at is null"),
  ...whenSql(
    "a send was accepted and not recorded",
    "desk",
    "sendings where state = 'sending' and accepted_at is not null",
  ),
  ...whenSql("a release is not published", "desk", "releases where published_at is null and publish_after <= now()"),
  ...whenSql(
    "a retraction is not carried out",
    "desk",
    "releases where retracted_at is not null and withdrawn_at is null",
  ),
  ...whenSql("a customer's act waits", "portal", "customer_acts where collected_at is null"),
  ...whenSql("a collection is under way", "desk", "jobs.job where name = 'collect' and state = 'active'"),
  ...whenSql("an agent's request is under way", "desk", "idempotent_answers where status < 200"),

  ...inARequest("desk"),
  ...inARequest("portal"),
];

type Kind = "desks" | "portals" | "postgres";

function sometime(...kinds: Kind[]): Moment[] {
  return kinds.map((kind) => ({
    name: "at any time",
    come: async (world, random) => {
      await pause(random.below(800));
      return kind === "postgres" ? [world.postgres] : [random.pick(world[kind])];
    },
  }));
}

/** The machine under all of them fails. */
function everythingAtOnce(): Moment {
  return {
    name: "everything at once",
    come: async ({ desks, portals, postgres }, random) => {
      await pause(random.below(800));
      return [...desks, ...portals, postgres];
    },
  };
}

/** A request arrives at Graph: before or after its effect, and never answered. */
function atGraph(name: string, method: string, pathPattern: string): Moment[] {
  return (["hold", "effectThenHold"] as const).map((act) => ({
    name: act === "hold" ? `${name} is asked for at Graph` : `${name} is done at Graph, the answer withheld`,
    come: async (world) => {
      const { faults } = world.sandbox;
      const before = faults.done().length;
      faults.add({ when: { method, pathPattern }, do: act });
      const done = await seen(async () => faults.done()[before]);
      if (!done) faults.clear();
      return done ? ownersOf(world.desks, done.port) : [];
    },
  }));
}

/** Which of them holds the other end of a connection; all of them where the system does not tell. */
function ownersOf(units: Unit[], port = 0): Unit[] {
  const owners = units.filter((unit) => {
    const pid = unit.pid();
    return pid !== undefined && portsOf(pid).has(port);
  });
  return owners.length > 0 ? owners : units;
}

/** The local ports of a process's connections (proc(5)): sockets by inode, inodes by port. */
function portsOf(pid: number): Set<number> {
  try {
    const sockets = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`)));
    const rows = ["tcp", "tcp6"].flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, "utf8").split("\n"));
    const ours = rows.map((row) => row.trim().split(/\s+/)).filter((row) => sockets.has(`socket:[${row[9]}]`));
    return new Set(ours.map((row) => Number.parseInt(row[1]?.split(":")[1] ?? "", 16)));
  } catch {
    return new Set();
  }
}

function linkOf(path: string) {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

/** Something stands in a database that a process is about to go on with. */
function whenSql(name: string, database: "desk" | "portal", rows: string): Moment[] {
  return [
    {
      name,
      come: async (world, random) => {
        const isSo = async () => (await ask(world, database, `select 1 from ${rows} limit 1`)).length > 0;
        if (!(await seen(isSo))) return [];
        await pause(random.below(30));
        return random.pick<Victim[]>([
          [random.pick(world.desks)],
          [random.pick(world.desks)],
          world.desks,
          [world.postgres],
          [random.pick(world.desks), world.postgres],
        ]);
      },
    },
  ];
}

/** Somebody's request has just reached a process. */
function inARequest(kind: "desk" | "portal"): Moment[] {
  const moment: Moment = {
    name: `a request has just reached a ${kind}`,
    come: async (world, random) => {
      const front = kind === "desk" ? world.deskFront : world.portalFront;
      const index = await Promise.race([front.next(), pause(lookOutFor, null)]);
      const unit = index === null ? undefined : world[`${kind}s`][index];
      await pause(random.below(60));
      return unit ? [unit] : [];
    },
  };
  return [moment];
}

async function seen<Thing>(look: () => Promise<Thing | undefined>): Promise<Thing | undefined> {
  const until = Date.now() + lookOutFor;
  while (Date.now() < until) {
    const thing = await look().catch(() => undefined);
    if (thing) return thing;
    await pause(10);
  }
  return undefined;
}

const clients = new Map<string, pg.Client>();

/** A connection for looking, opened again after the database was killed. */
export async function ask({ postgres }: World, database: string, sql: string): Promise<unknown[]> {
  const kept = clients.get(database) ?? (await connect(postgres.superuser, database));
  return (await kept.query(sql)).rows;
}

async function connect(superuser: string, database: string): Promise<pg.Client> {
  const url = new URL(superuser);
  url.pathname = database;
  const client = new pg.Client({ connectionString: url.href, application_name: "the crash harness" });
  client.on("error", () => clients.delete(database));
  client.on("end", () => clients.delete(database));
  await client.connect();
  clients.set(database, client);
  return client;
}

export async function stopLooking() {
  for (const client of clients.values()) await client.end();
}
