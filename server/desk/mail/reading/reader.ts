/**
 * Reads mails in threads of their own, because anybody may send us one: a mail that hangs, crashes or eats memory ends
 * its thread, not the desk. All mails are read there, small ones too: a pattern can hang on few bytes.
 */
import { Worker } from "node:worker_threads";
import type { KeptRaw, ReadKeptOptions } from "./read-kept.ts";
import type { ReadMail } from "./read-mail.ts";
import type { FromThread, ToThread } from "./reader-thread.ts";

export type MailReader = {
  /** Reads a mail that lies in the desk's file store, and puts its files beside it. `seconds`: of computing time, at most. */
  read: (raw: KeptRaw, options: ReadKeptOptions, seconds?: number) => Promise<ReadMail>;
  close: () => Promise<void>;
};

/** Reading ended before the mail did; the message is a sentence for an agent. It is not the fault of anything but the mail. */
export class ReadingFailed extends Error {}

/** Two, so that one hard mail does not keep the others waiting; each costs some 40 MB. */
const mostThreads = 2;
const memory = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };
/** A thread that has read a larger mail is ended, and its memory with it. */
const largeMail = 8_000_000;
const lookEvery = 500;
/** Whatever it waits for. */
const longest = 60_000;

export function openReader(folder: string): MailReader {
  const threads = new Set<Worker>();
  const free: Worker[] = [];
  const waiting: { take: (thread: Worker) => void; giveUp: (error: Error) => void }[] = [];
  let closed = false;

  const start = () => {
    const thread = new Worker(new URL("./reader-thread.ts", import.meta.url), {
      workerData: { folder },
      resourceLimits: memory,
      name: "mail reader",
    });
    thread.unref();
    threads.add(thread);
    thread.once("exit", () => {
      threads.delete(thread);
      if (free.includes(thread)) free.splice(free.indexOf(thread), 1);
      if (!closed && waiting.length > 0) waiting.shift()?.take(start());
    });
    // Who waits for an answer hears of it too; an idle thread that ends is only replaced.
    thread.on("error", () => undefined);
    return thread;
  };

  const take = (): Promise<Worker> => {
    if (closed) return Promise.reject(new Error("No mail is read any more: this process is stopping."));
    const thread = free.pop() ?? (threads.size < mostThreads ? start() : null);
    return thread ? Promise.resolve(thread) : new Promise((take, giveUp) => waiting.push({ take, giveUp }));
  };

  const giveBack = (thread: Worker) => {
    const next = waiting.shift();
    if (next) next.take(thread);
    else free.push(thread);
  };

  return {
    read: async (raw, options, seconds = 10) => {
      const thread = await take();
      let spent = raw.size > largeMail;
      try {
        return await readOn(thread, { raw, options }, seconds);
      } catch (error) {
        spent ||= error instanceof ReadingFailed;
        throw error;
      } finally {
        // Its end starts another for who waits.
        if (spent) await thread.terminate();
        else giveBack(thread);
      }
    },
    close: async () => {
      closed = true;
      for (const { giveUp } of waiting.splice(0)) giveUp(new Error("This process is stopping."));
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}

/** Asks one thread, and waits no longer than for so many seconds of its computing time. */
async function readOn(thread: Worker, task: ToThread, seconds: number): Promise<ReadMail> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadMail>();
  const answered = (answer: FromThread) => ("mail" in answer ? resolve(answer.mail) : reject(answer.error));
  const died = (error: unknown) => reject(new ReadingFailed(`Reading it ${causeOfDeath(error)}.`, { cause: error }));
  const left = () => died(null);
  const watch = watchOver(thread, seconds, (because) => reject(new ReadingFailed(`Reading it took ${because}.`)));
  thread.on("message", answered).on("error", died).on("exit", left);
  thread.postMessage(task);
  try {
    return await promise;
  } finally {
    clearInterval(watch);
    thread.off("message", answered).off("error", died).off("exit", left);
  }
}

/** Computing time is what counts, so that a machine with much to do gives up no mail; it is counted from the first look. */
function watchOver(thread: Worker, seconds: number, end: (because: string) => void) {
  const began = Date.now();
  let atFirst: NodeJS.CpuUsage | null = null;
  return setInterval(async () => {
    if (Date.now() - began > longest) return end("more than a minute");
    // A thread that is just ending has no answer.
    const used = await thread.cpuUsage(atFirst ?? undefined).catch(() => null);
    if (!used) return;
    if (!atFirst) atFirst = used;
    else if (used.user + used.system > seconds * 1e6) end(`more than ${seconds} seconds of computing time`);
  }, lookEvery).unref();
}

function causeOfDeath(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return code === "ERR_WORKER_OUT_OF_MEMORY" ? "needed more memory than a mail may have" : "broke off";
}
