/** Puts our category on mails in Outlook, or takes it off. Only categories that we put on ourselves are ever taken off. */
import { log } from "../../platform/log.ts";
import type { DeskContext } from "../context.ts";
import type { Graph } from "../graph/graph.ts";
import { GraphTrouble, isTrouble, unreadable } from "../graph/trouble.ts";

/** A mail, what it should wear, and what we know of what it does wear. */
export type Categorized = {
  /** The ticket that was due. */
  dueId: string;
  mailboxId: string;
  immutableId: string;
  address: string;
  ticketId: string;
  wanted: string | null;
  worn: string | null;
  ours: string[];
  /** Its version, when we know that it wears no category: there is no need to look. */
  bareEtag: string | null;
};

export type Outcome = "worn" | "gone" | GraphTrouble;

/** How often somebody else may change a mail between our look and our word. */
const mostTries = 5;

/** Mailbox by mailbox: what one of them refuses is not the others' trouble. */
export async function wear({ graph }: DeskContext, mails: Categorized[]): Promise<Map<Categorized, Outcome>> {
  const outcomes = new Map<Categorized, Outcome>();
  for (const [mailboxId, its] of Map.groupBy(mails, (mail) => mail.mailboxId))
    try {
      let left = its;
      for (let tries = 1; left.length > 0; tries++) {
        for (const [mail, outcome] of await wearTogether(graph, left, tries)) outcomes.set(mail, outcome);
        left = tries === mostTries ? [] : left.filter((mail) => isTrouble(outcomes.get(mail), "changed"));
      }
    } catch (error) {
      if (!isTrouble(error)) throw error;
      log.warn({ mailboxId, trouble: error.kind, code: error.code }, "categories could not be changed just now");
      for (const mail of its) if (!outcomes.has(mail)) outcomes.set(mail, error);
    }
  return outcomes;
}

/** Read, change, write back only where nobody else wrote meanwhile. */
async function wearTogether(graph: Graph, mails: Categorized[], tries: number): Promise<Map<Categorized, Outcome>> {
  const address = mails[0]?.address ?? "";
  const looks = await lookAt(graph, address, mails, tries);
  const outcomes = new Map<Categorized, Outcome>();
  const changes = mails.flatMap((mail) => {
    const look = looks.get(mail) ?? unreadable();
    if (look instanceof GraphTrouble) outcomes.set(mail, outcomeOf(look));
    else if (isRight(mail, look.categories)) outcomes.set(mail, "worn");
    else return [{ mail, immutableId: mail.immutableId, categories: rightFor(mail, look.categories), etag: look.etag }];
    return [];
  });
  const said = await graph.setCategories(address, changes);
  for (const [at, { mail }] of changes.entries()) {
    const trouble = said[at];
    outcomes.set(mail, trouble ? outcomeOf(trouble) : "worn");
  }
  return outcomes;
}

/** A mail that was bare when it came is looked at only when it has changed since. */
async function lookAt(graph: Graph, address: string, mails: Categorized[], tries: number) {
  const bare = mails.flatMap((mail) => (tries === 1 && mail.bareEtag ? [{ mail, etag: mail.bareEtag }] : []));
  const known = new Set(bare.map(({ mail }) => mail));
  const others = mails.filter((mail) => !known.has(mail));
  const looks = await graph.categories(
    address,
    others.map(({ immutableId }) => immutableId),
  );
  return new Map([
    ...bare.map(({ mail, etag }) => [mail, { etag, categories: [] as string[] }] as const),
    ...others.map((mail, at) => [mail, looks[at]] as const),
  ]);
}

/** A mail that Graph refuses for good is as lost for categories as one that was deleted. */
const outcomeOf = (trouble: GraphTrouble): Outcome => (isTrouble(trouble, "gone", "refused") ? "gone" : trouble);

function rightFor({ wanted, ours }: Categorized, worn: string[]): string[] {
  const others = worn.filter((name) => !ours.includes(name));
  return wanted ? [...others, wanted] : others;
}

function isRight(mail: Categorized, worn: string[]): boolean {
  const right = rightFor(mail, worn);
  return right.length === worn.length && right.every((name) => worn.includes(name));
}
