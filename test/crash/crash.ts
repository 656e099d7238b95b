/**
 * Lets people work while processes die, and then judges by what is there.
 * The same seed makes the same choices; what the machine does with them in the same moment, nobody can repeat exactly.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Lateness } from "../../sandbox/exchange/sent-copies.ts";
import { actOnce, openScene, type Scene } from "./acts.ts";
import { type Finding, judge, tell } from "./judge.ts";
import { moments, stopLooking } from "./moments.ts";
import { randomFrom } from "./random.ts";
import { beginStory } from "./story.ts";
import { allReady, openWorld, until, type World } from "./world.ts";

export type Report = {
  seed: string;
  kills: number;
  words: number;
  /** Mails at which processes died so often that agents decide about them: none of them is lost. */
  held: number;
  lost: number;
  doubled: number;
  /** Each a story: what was wrong, what led to it, who died near it. */
  failures: string[];
  /** Names of the moments at which processes died, with how often. */
  moments: Record<string, number>;
  minutes: number;
  /** From the last kill until everything was as promised. */
  quietAfterSeconds: number;
  /** How long the processes took to be ready again, in seconds. */
  readyAgain: { median: number; most: number };
  /** The last of what the processes complained about, each complaint once, with how often. */
  complaints: Record<string, number>;
};

/**
 * `minutes`: after so long nobody is killed any more, however many are left. `late`: the copies of sent mails come to
 * Sent Items up to so many seconds late.
 */
type Wish = { kills: number; seed: string; minutes?: number; late?: number; say?: (line: string) => void };

/** How many people do something at the same time, and how much is done between two deaths. */
const hands = 6;
const actsForEachKill = 3;

/** A send that Exchange may still be moving is looked at for two and a half minutes before it is asked again. */
const quietWithin = 6 * 60_000;

export async function crash({ kills, seed, minutes = Infinity, late = 120, say = () => {} }: Wish): Promise<Report> {
  const began = Date.now();
  const world = await openWorld(Math.min(24, 4 + Math.ceil(kills / 10)));
  try {
    world.sandbox.sentCopies.lateness = lateCopies(seed, late);
    const story = beginStory();
    const scene = await openScene(world, story);
    say(`open after ${seconds(Date.now() - began)} s, with ${scene.customers.length} customers`);

    let dying = true;
    let acts = 0;
    const work = Array.from({ length: hands }, async () => {
      while (dying) {
        if (acts < (story.kills.flatMap(({ who }) => who).length + 4) * actsForEachKill)
          await actOnce(scene, seed, ++acts);
        else await pause(20);
      }
    });
    await killAll(scene, { kills, seed, minutes, say });
    dying = false;
    await Promise.all(work);
    const lastDeath = Date.now();
    const findings = await judgeWhenQuiet(scene, say);
    return reportOf(scene, { seed, findings, began, lastDeath });
  } finally {
    await stopLooking();
    await world.close();
  }
}

/** Half of all copies come late; until then their draft is what is there, or nothing. */
function lateCopies(seed: string, most: number): () => Lateness | null {
  const random = randomFrom(seed, "copies");
  return () =>
    random.chance(0.5)
      ? {
          seconds: random.below(most + 1),
          meanwhile: random.pick(["draft", "nowhere"]),
          changesId: random.chance(0.25),
        }
      : null;
}

/** Number by number; each has choices of its own. Somebody always lives, so that work goes on. */
async function killAll({ world, story }: Scene, { kills, seed, minutes, say }: Required<Omit<Wish, "late">>) {
  let dead = 0;
  for (let number = 1; dead < kills && story.now() < minutes * 60_000; number++) {
    await until(
      () =>
        world.postgres.isReady() &&
        world.desks.some((desk) => desk.isReady()) &&
        world.portals.some((portal) => portal.isReady()),
    );
    const random = randomFrom(seed, "kill", number);
    const moment = random.pick(moments);
    const victims = (await moment.come(world, random)).filter((victim) => victim.isReady());
    for (const victim of victims) victim.kill();
    world.sandbox.faults.clear();
    if (victims.length === 0) continue;
    dead += victims.length;
    story.kills.push({ at: story.now(), who: victims.map(({ name }) => name), moment: moment.name });
    if (Math.floor(dead / 25) > Math.floor((dead - victims.length) / 25))
      say(`${dead} killed after ${seconds(story.now())} s`);
  }
}

/** Judges again until all is as promised, or the time is over. */
export async function judgeWhenQuiet(scene: Scene, say: (line: string) => void): Promise<Finding[]> {
  const end = Date.now() + quietWithin;
  await allReady([...scene.world.desks, ...scene.world.portals]);
  for (let patience = 2000; ; patience = Math.min(15_000, patience * 1.5)) {
    const findings = await judge(scene);
    const open = findings.filter(({ kind }) => kind !== "held");
    if (open.length === 0 || Date.now() > end) return findings;
    say(`${open.length} things are not yet as promised, the first: ${open[0]?.sentence}`);
    await pause(patience);
  }
}

type Facts = { seed: string; findings: Finding[]; began: number; lastDeath: number };

function reportOf({ world, story }: Scene, { seed, findings, began, lastDeath }: Facts): Report {
  const units = [...world.desks, ...world.portals, world.postgres];
  const starts = units.flatMap((unit) => unit.starts).toSorted((one, other) => one - other);
  const counted = new Map<string, number>();
  for (const { moment } of story.kills) counted.set(moment, (counted.get(moment) ?? 0) + 1);
  return {
    seed,
    kills: story.kills.flatMap(({ who }) => who).length,
    words: story.words().length,
    held: findings.filter(({ kind }) => kind === "held").length,
    lost: findings.filter(({ kind }) => kind === "lost").length,
    doubled: findings.filter(({ kind }) => kind === "doubled").length,
    failures: [
      ...findings.filter(({ kind }) => kind !== "held").map((finding) => tell(finding, story)),
      ...story.seen,
      ...unwanted(world),
    ],
    moments: Object.fromEntries(counted),
    minutes: Number(((Date.now() - began) / 60_000).toFixed(1)),
    quietAfterSeconds: Number(seconds(Date.now() - lastDeath)),
    readyAgain: {
      median: Number(seconds(starts[Math.floor(starts.length / 2)] ?? 0)),
      most: Number(seconds(starts.at(-1) ?? 0)),
    },
    complaints: complaintsIn(world.folder),
  };
}

const Complaint = z.object({ level: z.number(), msg: z.string(), err: z.object({ message: z.string() }).optional() });

export function complaintsIn(folder: string): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".log")))
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) {
      const complaint = line.startsWith("{") ? Complaint.safeParse(JSON.parse(line)).data : undefined;
      const words = complaint ? `${complaint.msg}: ${complaint.err?.message ?? ""}` : line;
      const same = words.replace(/[0-9a-f-]{36}|\d+/g, "…").slice(0, 160);
      if (same) counted[same] = (counted[same] ?? 0) + 1;
    }
  return counted;
}

/** A process that was open must survive whatever dies beside it. */
export const unwanted = ({ desks, portals }: World) =>
  [...desks, ...portals].flatMap(({ name, deaths }) =>
    deaths.filter(({ ready }) => ready).map(({ words }) => `${name} ended by itself: ${words}`),
  );

const seconds = (ms: number) => (ms / 1000).toFixed(1);
