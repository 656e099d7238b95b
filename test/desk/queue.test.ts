import { openQueue, type Queue } from "../../server/platform/queue.ts";
import { aWorld, type World } from "./world.ts";

type Jobs = Record<"greet" | "later" | "stuck" | "invite" | "rest" | "look" | "sync", { name: string }>;

const oneAtATime = { oneAtATime: true } as const;
const plain = { greet: {}, later: {}, stuck: {}, invite: {}, rest: {}, look: oneAtATime, sync: oneAtATime };

let world: World;
let queue: Queue<Jobs>;
beforeAll(async () => {
  world = await aWorld();
  const once = { retryLimit: 1, retryDelay: 600 };
  queue = await openQueue<Jobs>(world.rooms.desk, { ...plain, greet: once, invite: once });
});
afterAll(async () => {
  await queue.stop();
  await world.close();
});

test("jobs are done in one go, and where that fails each is done by itself and the others lose nothing", async () => {
  const goes: string[][] = [];
  const names = ["Alice", "nobody", "Bob", "Alice"];
  await queue.enqueueAll(
    world.desk,
    "invite",
    names.map((name) => ({ data: { name } })),
  );
  const invite = async (all: { name: string }[]) => {
    goes.push(all.map(({ name }) => name).toSorted());
    if (all.some(({ name }) => name === "nobody")) throw new Error("There is nobody to invite.");
  };
  await queue.work("invite", (job) => invite([job]), { atATime: 8, together: invite });

  await until(async () => (await queue.busy()) === 0);
  expect(goes[0]).toEqual(["Alice", "Bob", "nobody"]);
  expect(goes.slice(1).flat().toSorted()).toEqual(["Alice", "Bob", "nobody"]);
  const done = await world.desk.$queryRaw<{ name: string }[]>`
    select data ->> 'name' as name from jobs.job where name = 'invite' and state = 'completed' order by 1`;
  expect(done.map(({ name }) => name)).toEqual(["Alice", "Alice", "Bob"]);
});

test("a job that fails harms none of those taken with it, and those that ask for the same are done once", async () => {
  const greeted: string[] = [];
  const names = ["Alice", "nobody", "Bob", "Alice"];
  await queue.enqueueAll(
    world.desk,
    "greet",
    names.map((name) => ({ data: { name } })),
  );

  await queue.work(
    "greet",
    async ({ name }) => {
      if (name === "nobody") throw new Error("There is nobody to greet.");
      greeted.push(name);
    },
    { atATime: 8 },
  );

  await until(async () => (await queue.busy()) === 0);
  expect(greeted.toSorted()).toEqual(["Alice", "Bob"]);
  const states = await world.desk.$queryRaw<{ name: string; state: string }[]>`
    select data ->> 'name' as name, state::text from jobs.job where name = 'greet' order by 1, 2`;
  expect(states).toEqual([
    { name: "Alice", state: "completed" },
    { name: "Alice", state: "completed" },
    { name: "Bob", state: "completed" },
    { name: "nobody", state: "retry" },
  ]);
});

test("what somebody waits for leaves within about a second after its time", async () => {
  let doneAt = 0;
  const note = async () => {
    doneAt = Date.now();
  };
  await queue.work("later", note, { latestSeconds: 1 });
  const due = Date.now() + 1500;

  await queue.enqueue(world.desk, "later", { name: "Alice" }, { after: new Date(due) });

  await until(async () => doneAt > 0);
  expect(doneAt - due).toBeGreaterThanOrEqual(-50);
  expect(doneAt - due).toBeLessThan(2500);
});

async function until(isTrue: () => Promise<boolean>) {
  const deadline = Date.now() + 20_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error("It did not happen within 20 s.");
    await new Promise((again) => setTimeout(again, 25));
  }
}

const started = () => {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, ended };
};

test("of one key one job runs and one waits, in all processes together", async () => {
  const other = await openQueue<Jobs>(world.rooms.desk, plain);
  const [first, second] = [started(), started()];
  const runs: string[] = [];
  const look = async ({ name }: { name: string }) => {
    runs.push(name);
    if (name === "Anna" && runs.length === 1) first.end();
    if (name === "Anna" && runs.length === 1) await second.ended;
  };
  for (const each of [queue, other]) await each.work("look", look, { sideBySide: 3 });
  await queue.enqueue(world.desk, "look", { name: "Anna" }, { key: "anna" });
  await first.ended;
  for (let nth = 0; nth < 5; nth++) await other.enqueue(world.desk, "look", { name: "Anna" }, { key: "anna" });
  await queue.enqueue(world.desk, "look", { name: "Ben" }, { key: "ben" });

  await until(async () => runs.includes("Ben"));
  expect(runs).toEqual(["Anna", "Ben"]);
  second.end();
  await until(async () => (await queue.busy()) === 0);
  expect(runs).toEqual(["Anna", "Ben", "Anna"]);
  await other.stop();
});

test("who starts while a job of a key runs elsewhere does the next one as soon as that is done", async () => {
  const first = await openQueue<Jobs>(world.rooms.desk, plain);
  const [began, done] = [started(), started()];
  await first.work("sync", async () => {
    began.end();
    await done.ended;
  });
  await first.enqueue(world.desk, "sync", { name: "Anna" }, { key: "anna" });
  await began.ended;
  // pg-boss looks every few seconds, and remembers what it saw.
  await until(async () => {
    const [seen] = await world.desk.$queryRaw<{ active: number }[]>`
      select active_count as active from jobs.queue where name = 'sync'`;
    return seen?.active === 1;
  });
  const second = await openQueue<Jobs>(world.rooms.desk, plain);
  const synced: string[] = [];
  await second.work("sync", async ({ name }) => void synced.push(name));
  await first.rest();
  done.end();
  await first.stop();

  await second.enqueue(world.desk, "sync", { name: "Anna" }, { key: "anna" });
  await until(async () => synced.length > 0);
  await second.stop();
});

test("who rests takes no further job and still writes some, until it stops", async () => {
  const tired = await openQueue<Jobs>(world.rooms.desk, plain);
  await tired.work("rest", async () => {
    throw new Error("It rests.");
  });
  await tired.rest();
  const names = ["Alice", "Bob", "Carol", "Dora"];
  for (const name of names) await tired.enqueue(world.desk, "rest", { name });
  await tired.stop();
  const left = await world.desk.$queryRaw<unknown[]>`
    select id from jobs.job where name = 'rest' and state = 'created'`;
  expect(tired.isResting()).toBe(true);
  // It may have asked for one job at the moment at which it was told to rest.
  expect(left.length).toBeGreaterThanOrEqual(names.length - 1);
});

test("CRASH-05: a job that does not end is given to another when its process stops, and one whose process died is done by another within seconds, not when its time is over", async () => {
  const dead = await openQueue<Jobs>(world.rooms.desk, plain);
  const began = new Promise<void>((begin) => {
    void dead.work("stuck", () => {
      begin();
      return new Promise(() => {});
    });
  });
  await queue.enqueue(world.desk, "stuck", { name: "Alice" });
  await began;
  await dead.stop();
  const stuck = await world.desk.$queryRaw`select state::text from jobs.job where name = 'stuck'`;
  expect(stuck).toEqual([{ state: "retry" }]);
  // What the row says when the process was killed: at work, and no sign of life since.
  await world.desk.$executeRaw`
    update jobs.job set state = 'active', started_on = now(), completed_on = null, retry_count = 0, heartbeat_on = now() - interval '11 seconds'
    where name = 'stuck'`;

  const done: string[] = [];
  await queue.work("stuck", async ({ name }) => void done.push(name));
  await until(async () => done.length > 0);
  expect(done).toEqual(["Alice"]);
});
