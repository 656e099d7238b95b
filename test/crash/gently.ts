/**
 * Stops and starts the processes in order, one after the other, while people work: as an update does it. Nobody may
 * notice: no request fails, no job stays behind, nothing is lost or doubled.
 */
import { setTimeout as pause } from "node:timers/promises";
import { deskApp, people } from "../../sandbox/world.ts";
import { actOnce, openScene, type Scene } from "./acts.ts";
import { complaintsIn, judgeWhenQuiet, unwanted } from "./crash.ts";
import { tell } from "./judge.ts";
import { ask, stopLooking } from "./moments.ts";
import { met } from "./persist.ts";
import { beginStory } from "./story.ts";
import { allReady, openWorld, until, type World } from "./world.ts";

type Wish = { restarts: number; seed: string; say?: (line: string) => void };

/** What the fronts need to see who is ready: they ask ten times a second. */
const drainSeconds = 1;
const exitWithin = 30_000;
const hands = 3;
/** Each on a connection that stays: about fifty requests a second together. */
const readers = 6;
const pauseBetween = 120;

export async function gently({ restarts, seed, say = () => {} }: Wish) {
  const began = Date.now();
  const world = await openWorld(4, drainSeconds);
  try {
    const story = beginStory();
    const scene = await openScene(world, story);
    const { clients, end } = await everybodyWorks(scene, seed);
    met.length = 0;
    const opened = Date.now();
    const exits: { ms: number; how: string }[] = [];
    for (let number = 0; number < restarts; number++) {
      exits.push(await restartOne(world, number));
      if ((number + 1) % 20 === 0) say(`${number + 1} restarts`);
    }
    await end();
    const restarted = Date.now();
    const seen = [...met, ...clients];
    const findings = await judgeWhenQuiet(scene, say);
    return {
      restarts,
      words: story.words().length,
      requests: readCount(),
      seconds: { opening: since(began, opened), restarting: since(opened, restarted), quiet: since(restarted) },
      slowestExit: Math.max(...exits.map(({ ms }) => ms)),
      complaints: complaintsIn(world.folder),
      failures: [
        ...seen.map((what) => `A client met: ${what}`),
        ...exits.filter(({ how }) => how !== "code 0").map(({ how }) => `A process ended with ${how}.`),
        ...exits.filter(({ ms }) => ms > exitWithin).map(({ ms }) => `A process took ${ms} ms to end.`),
        ...findings.filter(({ kind }) => kind !== "held").map((finding) => tell(finding, story)),
        ...unwanted(world),
        ...(await leftBehind(world)),
      ],
    };
  } finally {
    await stopLooking();
    await world.close();
  }
}

const since = (from: number, to = Date.now()) => Math.round((to - from) / 1000);

/** Every third is told twice, every fifth has a job under way that does not come to its end. */
async function restartOne(world: World, number: number) {
  const units = [world.desks[0], world.portals[0], world.desks[1], world.portals[1]];
  const unit = units[number % units.length];
  if (!unit) throw new Error("There are two desks and two portals.");
  if (number % 5 === 4)
    world.sandbox.faults.add({ when: { method: "GET", pathPattern: "/(delta|\\$value)", times: 2 }, do: "hold" });
  const ended = await unit.restart({ told: number % 3 === 2 ? 2 : 1 });
  world.sandbox.faults.clear();
  await allReady([...world.desks, ...world.portals]);
  await until(() => world.deskFront.ready() === 2 && world.portalFront.ready() === 2);
  return ended;
}

let count = 0;
const readCount = () => count;

async function everybodyWorks(scene: Scene, seed: string) {
  const { world } = scene;
  const clients: string[] = [];
  let working = true;
  let acts = 0;
  const handful = Array.from({ length: hands }, async () => {
    while (working) {
      await actOnce(scene, seed, ++acts);
      await pause(pauseBetween);
    }
  });
  const headers = { authorization: `Bearer ${await tokenOf(world)}` };
  const reading = Array.from({ length: readers }, async (_, at) => {
    while (working) {
      const url = at % 2 ? `${world.portalUrl}/sign-in` : `${world.deskUrl}/api/tickets`;
      const failure = await read(url, headers);
      if (failure) clients.push(failure);
      await pause(pauseBetween);
    }
  });
  return {
    clients,
    end: async () => {
      working = false;
      await Promise.all([...handful, ...reading]);
    },
  };
}

async function read(url: string, headers: Record<string, string>): Promise<string | null> {
  count++;
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) });
    await answer.arrayBuffer();
    return answer.ok ? null : `${answer.status} from ${url}`;
  } catch (error) {
    return `${error instanceof Error ? (error.cause ?? error) : error} from ${url}`;
  }
}

async function tokenOf({ sandbox }: World): Promise<string> {
  const person = people.find(({ address }) => address === "anna@deskhatch.test");
  if (!person) throw new Error("Anna is not in the sandbox.");
  const wish = { person, clientId: deskApp.clientId, scopes: [deskApp.scope] };
  return (await sandbox.entra.issueDelegatedToken(wish)).access_token;
}

/** When all have ended, no job says that somebody is at it. */
async function leftBehind(world: World): Promise<string[]> {
  await Promise.all(world.desks.map((desk) => desk.stop()));
  const active = await ask(world, "desk", "select name from jobs.job where state = 'active'");
  return active.map((job) => `A job stayed behind: ${JSON.stringify(job)}`);
}
