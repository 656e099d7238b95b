/** Agents with the desk's API, customers with a browser and a mail program; all of them as stubborn as people are. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import PostalMime from "postal-mime";
import { z } from "zod";
import { readContent } from "../../sandbox/exchange/content.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { deskApp, people } from "../../sandbox/world.ts";
import { ContactList } from "../../server/desk/contract/people.ts";
import { type Answer, persist, send } from "./persist.ts";
import { nameOf, type World } from "./world.ts";

export type Agent = {
  /** A request that is made until it is answered; with a key when it changes something. */
  ask: (method: string, path: string, body?: object) => Promise<Answer | null>;
  bytes: (path: string) => Promise<Buffer | null>;
};

export function agentOf({ sandbox, deskUrl }: World, address: string): Agent {
  const token = tokens(sandbox, address);
  const once = async (method: string, path: string, key: string, body?: object) =>
    send(`${deskUrl}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        "content-type": "application/json",
        ...(method !== "GET" && { "idempotency-key": key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    ask: (method, path, body) => {
      const key = randomUUID();
      return persist(() => once(method, path, key, body));
    },
    bytes: async (path) => {
      const response = await once("GET", path, "");
      return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
    },
  };
}

/** An access token as nested app auth gives it to the pane, renewed in time. */
function tokens(sandbox: Sandbox, address: string) {
  const person = people.find((one) => one.address === address);
  if (!person) throw new Error(`Nobody in the sandbox has the address ${address}.`);
  let kept: { text: string; until: number } | null = null;
  return async () => {
    if (kept && kept.until > Date.now()) return kept.text;
    const wish = { person, clientId: deskApp.clientId, scopes: [deskApp.scope] };
    const { access_token: text } = await sandbox.entra.issueDelegatedToken(wish);
    kept = { text, until: Date.now() + 10 * 60_000 };
    return text;
  };
}

export type Customer = {
  address: string;
  get: (path: string) => Promise<Answer | null>;
  bytes: (path: string) => Promise<Buffer | null>;
  post: (path: string, form: () => FormData) => Promise<Answer | null>;
};

/** Invited, and signed in with a code from the mailbox. */
export async function customerOf(world: World, inviter: Agent, address: string): Promise<Customer> {
  const found = await inviter.ask("GET", `/contacts?search=${encodeURIComponent(nameOf(address))}`);
  const contact = ContactList.parse(found?.body).contacts.find(({ addresses }) => addresses.includes(address));
  await inviter.ask("POST", `/contacts/${contact?.id}/invitation`);

  const cookies = new Map<string, string>();
  const once = async (path: string, init: RequestInit = {}, accept = "application/json") => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const headers = { accept, cookie, origin: world.portalUrl };
    const response = await send(`${world.portalUrl}${path}`, { ...init, headers, redirect: "manual" });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", ...value] = (set.split(";")[0] ?? "").split("=");
      cookies.set(name, value.join("="));
    }
    return response;
  };
  const form = (path: string, fields: Record<string, string>) =>
    persist(() => once(path, { method: "POST", body: new URLSearchParams(fields) }, "text/html"));

  await form("/sign-in", { address, next: "/" });
  await form("/sign-in/code", { code: await codeFor(world, address) });
  return {
    address,
    get: (path) => persist(() => once(path)),
    bytes: async (path) => {
      const response = await once(path);
      return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
    },
    post: (path, makeForm) => persist(() => once(path, { method: "POST", body: makeForm() }, "text/html")),
  };
}

async function codeFor(world: World, address: string): Promise<string> {
  for (let tries = 0; tries < 1200; tries++) {
    const mails = await mailsTo(world, address);
    const code = mails.map(({ words }) => /\b\d{8}\b/.exec(words)?.[0]).find(Boolean);
    if (code) return code;
    await pause(50);
  }
  throw new Error(`No sign-in code reached ${address} within a minute.`);
}

export type ReceivedMail = { id: number; words: string; messageId: string; replyTo: string };

const Outside = z.object({ id: z.number(), contentId: z.number() });

/** The mails in a customer's mailbox outside the tenant, newest first. */
export async function mailsTo({ sandbox: { store } }: World, address: string): Promise<ReceivedMail[]> {
  const rows = store.all(
    "select id, content_id as contentId from outside where recipients like ? order by id desc",
    `%"${address}"%`,
  );
  return Promise.all(
    z
      .array(Outside)
      .parse(rows)
      .map(async ({ id, contentId }) => {
        const { html = "", text = "", messageId = "", replyTo } = await PostalMime.parse(readContent(store, contentId));
        return { id, words: `${html}\n${text}`, messageId, replyTo: replyTo?.[0]?.address ?? "" };
      }),
  );
}
