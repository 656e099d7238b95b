import { escapeHtml } from "../exchange/text.ts";
import { type Person, people } from "../world.ts";

/** Who can sign in: the team. Customers have no account in our tenant. */
export const canSignIn = (person: Person) => person.kind === "agent";

/** One button a person; it works without a script and with a keyboard. */
export function signInPage(action: string, request: Record<string, string>, hint: string | null): string {
  const hidden = Object.entries(request)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join("");
  const first = (person: Person) => Number(person.address.toLowerCase() === hint?.toLowerCase());
  const buttons = people
    .filter(canSignIn)
    .toSorted((one, other) => first(other) - first(one))
    .map(
      ({ name, address, role }) =>
        `<li><button name="person" value="${escapeHtml(address)}"><b>${escapeHtml(name)}</b><span>${escapeHtml(address)} · ${escapeHtml(role ?? "")}</span></button></li>`,
    )
    .join("");
  return page(
    "Sign in",
    `<h1>Pick an account</h1><p>This is the sandbox: nobody needs a password.</p>
     <form method="post" action="${escapeHtml(action)}">${hidden}<ul>${buttons}</ul></form>`,
  );
}

export const messagePage = (title: string, text: string) =>
  page(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>`);

/** response_mode=form_post: the answer goes to the app as a form (OAuth 2.0 Form Post Response Mode). */
export function formPostPage(redirectUri: string, answer: Record<string, string>): string {
  const hidden = Object.entries(answer)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join("");
  return page(
    "Signing in",
    `<form method="post" action="${escapeHtml(redirectUri)}">${hidden}<button>Continue</button></form><script>document.forms[0].submit()</script>`,
  );
}

const page = (title: string, content: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)} · Sandbox</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 "Segoe UI", system-ui, sans-serif; }
  body { max-width: 26rem; margin: 8vh auto; padding: 0 1rem; }
  ul { list-style: none; padding: 0; }
  button { display: block; width: 100%; margin: .5rem 0; padding: .75rem 1rem; font: inherit; text-align: left; cursor: pointer;
    color: inherit; background: transparent; border: 1px solid color-mix(in srgb, currentColor 40%, transparent); border-radius: 4px; }
  button:hover { background: color-mix(in srgb, currentColor 8%, transparent); }
  button:focus-visible { outline: 3px solid #0f6cbd; outline-offset: 2px; }
  button span { display: block; font-size: .875rem; opacity: .8; }
</style></head><body><main>${content}</main></body></html>`;
