/** Both rooms and the door between them: the desk's API, the portal over HTTP, and the words of the promise. */
import { randomBytes } from "node:crypto";
import type { DeskContext } from "../../server/desk/context.ts";
import { listen } from "../../server/platform/http.ts";
import { portalApp, portalContext } from "../../server/portal/app.ts";
import { openDoor } from "../../server/release/door.ts";
import { openPublisher } from "../../server/release/publisher.ts";
import { type Agent, aWorld } from "../desk/world.ts";
import { aVisitor } from "../portal/world.ts";

export type TwoRooms = Awaited<ReturnType<typeof twoRooms>>;

/** `grace`: seconds in which a reply can be taken back. Call `close` in `afterAll`. */
export async function twoRooms({ grace = 0 }: { grace?: number } = {}) {
  const world = await aWorld({
    openDoor: (context: DeskContext) => openDoor({ settings: context.settings, context }),
    env: { GRACE_SECONDS: String(grace) },
  });
  const { settings } = world;
  const portal = portalContext({
    DESKHATCH_DATA: settings.DESKHATCH_DATA,
    PORTAL_HOST: "127.0.0.1",
    PORTAL_PORT: 0,
    DRAIN_SECONDS: 0,
    PORTAL_URL: "http://127.0.0.1",
    DATABASE_URL_PORTAL: world.rooms.portal,
    PORTAL_SECRET: randomBytes(32).toString("hex"),
    PORTAL_FILES: settings.PORTAL_FILES,
    PORTAL_TRUSTED_PROXIES: undefined,
  });
  const listening = await listen(portalApp(portal), 0);
  const publisher = openPublisher(world.rooms.publisher, 2);
  const url = `http://127.0.0.1:${listening.port}`;

  return {
    ...world,
    publisher,
    portal: { url, publisher },
    portalFiles: portal.files,
    portalContext: portal,
    visitor: () => aVisitor({ url, publisher }),
    /** A browser in which this contact has signed in with the code of the mail that the courier carried. */
    signedIn: async ({ address }: { address: string }) => {
      const browser = aVisitor({ url, publisher });
      const codes = async () => {
        const mails = await world.desk.$queryRaw<{ subject: string }[]>`
          select mail->>'subject' as subject from sendings
           where kind = 'sign_in_code' and ${address} = any(recipients) order by created_at`;
        return mails.map(({ subject }) => /\d{6,}/.exec(subject)?.[0]);
      };
      const before = (await codes()).length;
      await browser.post("/sign-in", { address });
      const code = await eventually(async () => (await codes())[before]);
      await browser.post("/sign-in/code", { code });
      return browser;
    },
    /**
     * The door has nothing due and nothing running. Nobody sends mails in these tests, so those stay due; and what was
     * published at once has a job a minute later that will find nothing to do.
     */
    settled: () =>
      eventually(async () => {
        const [row] = await world.desk.$queryRaw<{ busy: number }[]>`
          select count(*)::int as busy from jobs.job
           where name in ('publish-ticket', 'publish-contact', 'sweep-portal', 'collect', 'courier')
             and (state = 'active' or (state in ('created', 'retry') and start_after <= now() and start_after < created_on + interval '50 seconds'))`;
        return row?.busy === 0;
      }),
    /** What an agent does through the API, by words. */
    agent: (who: Agent) => {
      const ask = world.as(who);
      return {
        reply: (number: number, words: object) => ask.post(`/api/tickets/${number}/replies`, words),
        note: (number: number, words: object) => ask.post(`/api/tickets/${number}/notes`, words),
        release: (number: number, entryId: string, wish: object) =>
          ask.post(`/api/tickets/${number}/entries/${entryId}/releases`, wish),
        retract: (number: number, entryId: string) => ask.delete(`/api/tickets/${number}/entries/${entryId}/releases`),
        takeBack: (number: number, entryId: string) => ask.delete(`/api/tickets/${number}/replies/${entryId}`),
        /** Shows the ticket in the portal. */
        show: (number: number) => ask.put(`/api/tickets/${number}/portal`, {}),
        ask,
      };
    },
    close: async () => {
      await listening.close();
      await portal.close();
      await publisher.$disconnect();
      await world.close();
    },
  };
}

/** What comes true soon: asked again until it is there. */
export async function eventually<Found>(ask: () => Promise<Found | undefined | null | false>): Promise<Found> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`It did not come true within 10 seconds: ${ask}`);
    await new Promise((again) => setTimeout(again, 10));
  }
}
