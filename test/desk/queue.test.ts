import { openQueue, type Queue } from "../../server/platform/queue.ts";
import { aWorld, type World } from "./world.ts";

type Jobs = Record<"greet" | "later" | "stuck" | "invite" | "rest", { name: string }>;

let world: World;
let queue: Queue<Jobs>;
beforeAll(async () => {
  world = await aWorld();
  const once = { retryLimit: 1, retryDelay: 600 };
  queue = await openQueue<Jobs>(world.rooms.desk, { greet: once, later: {}, stuck: {}, invite: once, rest: {} });
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

test("who rests takes no further job and still writes some, until it stops", async () => {
  const tired = await openQueue<Jobs>(world.rooms.desk, { greet: {}, later: {}, stuck: {}, invite: {}, rest: {} });
  await tired.work("rest", async () => {
    throw new Error("It rests.");
  });
  await tired.rest();
  await tired.enqueue(world.desk, "rest", { name: "Alice" });
  await tired.stop();
  const left = await world.desk.$queryRaw`select state::text from jobs.job where name = 'rest'`;
  expect([tired.isResting(), left]).toEqual([true, [{ state: "created" }]]);
});

test("CRASH-05: a job that does not end is given to another when its process stops, and one whose process died is done within seconds, not when its time is over another within seconds, not when its time is over", async () => {
  const dead = await openQueue<Jobs>(world.rooms.desk, { greet: {}, later: {}, stuck: {}, invite: {}, rest: {} });
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
