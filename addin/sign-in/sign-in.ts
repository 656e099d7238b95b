/** The one place that talks to MSAL: a token for the desk's own API, silently if possible, else with a window. */
import type { AccountInfo, AuthenticationResult } from "@azure/msal-browser";
import type { Settings } from "../pane/settings.ts";
import { type Application, createApplication } from "./application.ts";
import { understand } from "./failures.ts";

export type SignIn = {
  /** A valid token for the desk. Fails with a SignInFailure; `needs_click` asks for `withWindow`. */
  token: (options?: { fresh?: boolean }) => Promise<string>;
  /** Opens the sign-in window; must run directly in a click, or browsers block it. */
  withWindow: (claims?: string) => Promise<void>;
  /** The addresses by which the signed-in person is known; empty until there was a token. */
  addresses: () => string[];
};

/**
 * `address` is the person whose Outlook this is. A browser may hold somebody else's sign-in
 * (AzureAD/microsoft-authentication-library-for-js#7356): the pane compares `addresses` with it before it shows anything.
 */
export async function openSignIn(settings: Settings, address: string): Promise<SignIn> {
  const application = await openApplication(settings);
  const request = { scopes: settings.scopes, loginHint: address };
  let current: AuthenticationResult | null = null;

  const account = () => theirs(application.getAllAccounts(), address);

  async function token({ fresh = false } = {}) {
    if (!fresh && current && isValid(current)) return current.accessToken;
    try {
      const known = account();
      current = known
        ? await application.acquireTokenSilent({ ...request, account: known, forceRefresh: fresh })
        : await application.ssoSilent(request);
      return current.accessToken;
    } catch (error) {
      throw understand(error, "silent");
    }
  }

  async function withWindow(claims?: string) {
    try {
      const prompt = current && !addresses().includes(address) ? "select_account" : undefined;
      current = await application.acquireTokenPopup({
        ...request,
        claims,
        prompt,
        overrideInteractionInProgress: true,
      });
    } catch (error) {
      throw understand(error, "window");
    }
  }

  const addresses = () => (current ? addressesOf(current.account) : []);

  return { token, withWindow, addresses };
}

/** The sign-in name need not be the mail address; the claim `email` is (learn.microsoft.com/entra/identity-platform/optional-claims). */
function addressesOf({ username, idTokenClaims }: AccountInfo): string[] {
  const names = [username, idTokenClaims?.email, idTokenClaims?.upn, idTokenClaims?.preferred_username];
  return names.filter((name) => typeof name === "string").map((name) => name.toLowerCase());
}

const theirs = (accounts: AccountInfo[], address: string) =>
  accounts.find((account) => addressesOf(account).includes(address));

/** Five minutes before its end, as MSAL's own renewal offset. */
const isValid = ({ expiresOn }: AuthenticationResult) => (expiresOn?.getTime() ?? 0) - Date.now() > 300_000;

async function openApplication(settings: Settings): Promise<Application> {
  try {
    return await createApplication({
      auth: {
        clientId: settings.clientId,
        authority: settings.authority,
        // Also for an authority that is not Microsoft's own host: the sandbox's.
        knownAuthorities: [new URL(settings.authority).host],
        redirectUri: new URL("/addin/redirect.html", window.location.origin).href,
        ...(isForeignFrame() ? { popupRelayUri: "/addin/relay.html" } : {}),
      },
      // MSAL encrypts what it keeps there; it survives that Outlook is closed, so that nobody signs in every morning.
      cache: { cacheLocation: "localStorage" },
      system: { iframeBridgeTimeout: 5000, popupBridgeTimeout: 300_000 },
    });
  } catch (error) {
    throw understand(error, "silent");
  }
}

/**
 * In a frame of another site, browsers part our storage and our channels from our own windows', so the sign-in
 * window's answer must come by way of a page that we opened: MSAL's popup relay (its `docs/redirect-bridge.md`).
 */
function isForeignFrame() {
  if (window.parent === window || !document.referrer) return false;
  return new URL(document.referrer).hostname !== window.location.hostname;
}
