import type { Request, Response } from "express";
import { z } from "zod";
import { type Person, tenantId } from "../world.ts";
import type { ClaimsChallenge } from "./challenge.ts";
import { canSignIn, formPostPage, messagePage, signInPage } from "./sign-in-page.ts";
import { newCode, personByAddress } from "./tokens.ts";

/** What /authorize is asked (OpenID Connect Core 3.1.2.1, RFC 7636 4.3). */
const Asked = z.object({
  client_id: z.string(),
  response_type: z.literal("code"),
  redirect_uri: z.url(),
  scope: z.string(),
  state: z.string().optional(),
  nonce: z.string().optional(),
  response_mode: z.enum(["query", "fragment", "form_post"]).default("query"),
  code_challenge: z.string().optional(),
  code_challenge_method: z.literal("S256").optional(),
  login_hint: z.string().optional(),
  prompt: z.string().optional(),
  claims: z.string().optional(),
});
type Asked = z.infer<typeof Asked>;

/** What a code stands for, until it is redeemed. */
export type Grant = {
  person: Person;
  clientId: string;
  redirectUri: string;
  scope: string;
  nonce: string | undefined;
  codeChallenge: string | undefined;
  expiresAt: number;
};

export type Grants = Map<string, Grant>;

/** entra-docs v2-oauth2-auth-code-flow: codes live about ten minutes. */
const codeLifetimeMs = 600_000;
const sessionCookie = "sandbox_session";

/** The sign-in page and what follows from it. Sessions are this sandbox's only: the cookie names the person. */
export function authorization(grants: Grants, challenge: ClaimsChallenge) {
  return {
    show(request: Request, response: Response) {
      const asked = readAsked(request.query, response);
      if (!asked) return;
      const person = sessionOf(request);
      const isHinted = !asked.login_hint || asked.login_hint.toLowerCase() === person?.address.toLowerCase();
      const wantsPage = /\b(login|select_account|consent)\b/.test(asked.prompt ?? "");
      const mustInteract = challenge.isRequired();

      if (person && isHinted && !wantsPage && !mustInteract) return finish(response, asked, issue(asked, person));
      if (asked.prompt === "none") {
        const error = mustInteract ? "interaction_required" : "login_required";
        return finish(response, asked, {
          error,
          error_description: "AADSTS50058: A silent sign-in request was sent but no user is signed in.",
        });
      }
      response.send(signInPage(`/${tenantId}/login`, withoutUndefined(asked), asked.login_hint ?? null));
    },

    signIn(request: Request, response: Response) {
      const asked = readAsked(request.body, response);
      if (!asked) return;
      const person = personByAddress(String(request.body.person ?? ""));
      if (!person || !canSignIn(person)) {
        response.status(400).send(messagePage("Nobody was picked", "Go back and pick one of the accounts."));
        return;
      }
      challenge.lift();
      // In an iframe of Outlook or of the pane the cookie is a third party's.
      response.cookie(sessionCookie, person.address, { httpOnly: true, secure: true, sameSite: "none", path: "/" });
      finish(response, asked, issue(asked, person));
    },

    signOut(request: Request, response: Response) {
      response.clearCookie(sessionCookie, { secure: true, sameSite: "none", path: "/" });
      const back = request.query.post_logout_redirect_uri;
      if (typeof back === "string" && isLocal(back)) response.redirect(back);
      else response.send(messagePage("You are signed out", "You can close this page."));
    },
  };

  function issue(asked: Asked, person: Person): Record<string, string> {
    const code = newCode();
    grants.set(code, {
      person,
      clientId: asked.client_id,
      redirectUri: asked.redirect_uri,
      scope: asked.scope,
      nonce: asked.nonce,
      codeChallenge: asked.code_challenge,
      expiresAt: Date.now() + codeLifetimeMs,
    });
    return { code, session_state: newCode().slice(2, 38) };
  }
}

/** A redirect address is checked before anything is sent to it: the sandbox sends codes to this machine only. */
function readAsked(source: unknown, response: Response): Asked | null {
  const read = Asked.safeParse(source);
  if (read.success && isLocal(read.data.redirect_uri)) return read.data;
  const issue = read.success
    ? "redirect_uri is not on this machine"
    : `${read.error.issues[0]?.path.join(".")} is missing or wrong`;
  response
    .status(400)
    .send(
      messagePage("This sign-in request cannot be used", `AADSTS900144: ${issue}. Start again from the application.`),
    );
  return null;
}

function isLocal(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname, protocol } = new URL(address);
  return /^https?:$/.test(protocol) && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

function sessionOf(request: Request): Person | undefined {
  const cookie = request.headers.cookie?.split(/;\s*/).find((one) => one.startsWith(`${sessionCookie}=`));
  const person = cookie && personByAddress(decodeURIComponent(cookie.slice(sessionCookie.length + 1)));
  return person && canSignIn(person) ? person : undefined;
}

function finish(response: Response, asked: Asked, answer: Record<string, string>) {
  const full = { ...answer, ...(asked.state ? { state: asked.state } : {}) };
  response.set("Cache-Control", "no-store");
  if (asked.response_mode === "form_post") {
    response.send(formPostPage(asked.redirect_uri, full));
    return;
  }
  const target = new URL(asked.redirect_uri);
  const words = new URLSearchParams(full).toString();
  if (asked.response_mode === "fragment") target.hash = words;
  else for (const [name, value] of Object.entries(full)) target.searchParams.set(name, value);
  response.redirect(target.href);
}

const withoutUndefined = (asked: Asked): Record<string, string> =>
  Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined));
