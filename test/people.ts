/** People who use a running product over its addresses, with nothing but what a browser or a mail program has. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import PostalMime from "postal-mime";
import { z } from "zod";
import { agentAt } from "../sandbox/seed/agent.ts";
import { deskApp } from "../sandbox/world.ts";
import type { Product } from "./product.ts";

/** An agent, signed in as Outlook's nested app auth signs her in. */
export async function agent(product: Product, address: string) {
  const wish = { method: "GetToken", person: address, clientId: deskApp.clientId, scope: deskApp.scope };
  const { token } = Nested.parse(await postToOutlook(product, "/outlook/naa", wish));
  return agentAt(product.deskUrl, token.access_token);
}

const Nested = z.object({ token: z.object({ access_token: z.string() }) });

/** The newest mails of a sandbox mailbox, newest first, as their owner reads them. */
export async function inboxOf(product: Product, address: string) {
  const { token } = Token.parse(await postToOutlook(product, "/outlook/token", { person: address, mailbox: address }));
  const path = `/v1.0/users/${address}/mailFolders/inbox/messages?$top=50&$orderby=receivedDateTime desc`;
  const { value } = Mails.parse(await overTls(product, "GET", path, { authorization: `Bearer ${token}` }));
  return value.map(({ subject, body }) => ({ subject, html: body.content }));
}

const Token = z.object({ token: z.string() });
const Mails = z.object({ value: z.array(z.object({ subject: z.string(), body: z.object({ content: z.string() }) })) });

/** Asks again until there is an answer; for what happens a moment later. */
export async function eventually<Result>(
  what: string,
  ask: () => Promise<Result | null | undefined | false>,
  seconds = 30,
): Promise<Result> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await pause(50);
  }
  throw new Error(`${seconds} seconds went by without ${what}.`);
}

const postToOutlook = (product: Product, path: string, body: object) =>
  overTls(
    product,
    "POST",
    path,
    { "content-type": "application/json", origin: product.outlookUrl },
    JSON.stringify(body),
  );

function overTls(
  product: Product,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = "",
): Promise<unknown> {
  return new Promise((answered, failed) => {
    const asked = request(
      `${product.outlookUrl}${encodeURI(path)}`,
      { method, headers, ca: readFileSync(product.caFile) },
      (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.once("end", () =>
          (response.statusCode ?? 500) < 300
            ? answered(response.headers["content-type"]?.includes("json") ? JSON.parse(text) : text)
            : failed(new Error(`${method} ${path} was answered ${response.statusCode}: ${text}`)),
        );
      },
    );
    asked.once("error", failed);
    asked.end(body);
  });
}

/** Mails that left the tenant: decoded from quoted-printable, so that links and words can be found in them. */
export async function outsideMails(product: Product): Promise<string[]> {
  const { value } = Outside.parse(await overTls(product, "GET", "/sandbox/outside", {}));
  return Promise.all(
    value.map(async ({ id }) => {
      const raw = z.string().parse(await overTls(product, "GET", `/sandbox/outside/${id}`, {}));
      const { html = "", text = "" } = await PostalMime.parse(raw);
      return `${html}\n${text}`;
    }),
  );
}

const Outside = z.object({ value: z.array(z.object({ id: z.number() })) });

/** A customer, signed in to the portal with a code from the mailbox. Asks with the session's cookie. */
export async function customer(product: Product, address: string) {
  const cookies = new Map<string, string>();
  const ask = async (path: string, form?: Record<string, string>, accept = "text/html") => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(`${product.portalUrl}${path}`, {
      method: form ? "POST" : "GET",
      headers: { accept, cookie, origin: product.portalUrl },
      redirect: "manual",
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", ...value] = (set.split(";")[0] ?? "").split("=");
      cookies.set(name, value.join("="));
    }
    return response;
  };

  const older = (await inboxOf(product, address)).length;
  await ask("/sign-in", { address, next: "/" });
  const code = await eventually("a sign-in code", async () => {
    const mails = await inboxOf(product, address);
    return mails.length > older && /\b\d{8}\b/.exec(mails[0]?.html ?? "")?.[0];
  });
  await ask("/sign-in/code", { code });
  return { ask, cookie: () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
}
