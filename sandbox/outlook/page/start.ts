import { z } from "zod";

const Command = z.object({
  id: z.string(),
  surface: z.string(),
  group: z.string(),
  label: z.string(),
  tip: z.string(),
  icon: z.string(),
  action: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("pane"), url: z.string(), pinnable: z.boolean() }),
    z.object({ kind: z.literal("function"), name: z.string(), url: z.string() }),
  ]),
});

const Start = z.object({
  tenantId: z.string(),
  people: z.array(
    z.object({
      objectId: z.string(),
      name: z.string(),
      address: z.string(),
      kind: z.enum(["agent", "shared", "customer", "outsider"]),
      role: z.string().optional(),
      members: z.array(z.string()).optional(),
    }),
  ),
  addIn: z.object({
    id: z.string(),
    version: z.string(),
    name: z.string(),
    permission: z.enum(["Restricted", "ReadItem", "ReadWriteItem", "ReadWriteMailbox"]),
    sharedFolders: z.boolean(),
    appDomains: z.array(z.string()),
    application: z.object({ clientId: z.string(), resource: z.string() }).nullable(),
    commands: z.array(Command),
    eventFunctions: z.array(
      z.object({
        event: z.string(),
        name: z.string(),
        url: z.string(),
        sendMode: z.enum(["PromptUser", "SoftBlock", "Block"]).optional(),
      }),
    ),
  }),
});

/** What the page needs to know before it can show anything: who lives here, and what the manifest offers. */
export type Start = z.infer<typeof Start>;
export type Person = Start["people"][number];

export async function loadStart(): Promise<Start> {
  const response = await fetch("/outlook/start");
  if (!response.ok) throw new Error(await sentenceIn(response));
  return Start.parse(await response.json());
}

/** A token for Graph, as whoever is signed in, for the mailbox that is open. Asked again shortly before it ends. */
export function graphToken(person: string, mailbox: string): () => Promise<string> {
  let current: Promise<{ token: string; until: number }> | null = null;
  return async () => {
    current ??= issue();
    const held = await current.catch((error) => {
      current = null;
      throw error;
    });
    if (held.until > Date.now()) return held.token;
    current = issue();
    return (await current).token;
  };

  async function issue() {
    const response = await fetch("/outlook/token", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ person, mailbox }),
    });
    if (!response.ok) throw new Error(await sentenceIn(response));
    const issued = z.object({ token: z.string(), expiresIn: z.number() }).parse(await response.json());
    return { token: issued.token, until: Date.now() + (issued.expiresIn - 60) * 1000 };
  }
}

async function sentenceIn(response: Response): Promise<string> {
  const problem = z.object({ detail: z.string() }).safeParse(await response.json().catch(() => null));
  return problem.success ? problem.data.detail : `The sandbox answered ${response.status}. Look at its log.`;
}
