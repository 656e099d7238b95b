/** Outlook around the pane, as far as Office.js shows it: the mail on screen, its events, and the sign-in bridge. */

type Item = { itemId: string; internetMessageId: string; subject: string };

export const anna = {
  name: "Anna Albrecht",
  address: "anna@deskhatch.test",
  objectId: "a11a0000-0000-4000-8000-000000000001",
  tenantId: "6d2f8a34-6c1e-4b5a-9f0e-5a3d1c7b9e10",
};

export type OutlookWish = { locale?: string; dark?: boolean; signIn?: SignInBehaviour };

/** How the bridge answers: with whose token, or with which failure. */
export type SignInBehaviour = {
  as?: string;
  fails?: { status: string; code: string; description: string };
  untilWindow?: boolean;
};

/** The access token that the bridge gives; no other place may show it. */
export const secretToken = "SECRET-access-token";

export function openOutlook({ locale = "en-US", dark = false, signIn = {} }: OutlookWish = {}) {
  let item: Item | null = null;
  const handlers: (() => void)[] = [];
  const asked: string[] = [];

  const office = {
    HostType: { Outlook: "Outlook" },
    EventType: { ItemChanged: "itemChanged", OfficeThemeChanged: "themeChanged" },
    AsyncResultStatus: { Succeeded: "succeeded" },
    MailboxEnums: { ItemType: { Message: "message" }, RestVersion: { v2_0: "v2.0" } },
    onReady: async () => ({ host: "Outlook" }),
    context: {
      displayLanguage: locale,
      officeTheme: { bodyBackgroundColor: dark ? "#292929" : "#ffffff" },
      mailbox: {
        get item() {
          return item && { ...item, itemType: "message", to: [{ emailAddress: "support@deskhatch.test" }], cc: [] };
        },
        userProfile: { displayName: anna.name, emailAddress: anna.address },
        convertToRestId: (id: string) => id,
        addHandlerAsync: (event: string, handler: () => void) => event === "itemChanged" && handlers.push(handler),
        removeHandlerAsync: () => handlers.splice(0),
      },
    },
  };
  Object.assign(globalThis, { Office: office });
  Object.assign(window, { nestedAppAuthBridge: bridge(signIn, asked) });

  return {
    /** What MSAL asked the bridge, in order. */
    asked,
    select(mail: string | null, { silently = false } = {}) {
      item = mail
        ? { itemId: `id-of-${mail}`, internetMessageId: `<${mail}@mail.test>`, subject: `About ${mail}` }
        : null;
      if (!silently) for (const handler of handlers) handler();
    },
  };
}

function bridge({ as = anna.address, fails, untilWindow }: SignInBehaviour, asked: string[]) {
  const listeners = new Set<(response: string) => void>();
  return {
    addEventListener: (_: string, listener: (response: string) => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: (response: string) => void) => listeners.delete(listener),
    postMessage: (text: string) => {
      const { method, requestId } = JSON.parse(text);
      asked.push(method);
      const refused = fails && method !== "GetInitContext" && !(untilWindow && method === "GetTokenPopup");
      const answer = refused ? { success: false, error: fails } : { success: true, ...answers(method, as) };
      const response = JSON.stringify({ messageType: "NestedAppAuthResponse", requestId, ...answer });
      queueMicrotask(() => listeners.forEach((listener) => void listener(response)));
    },
  };
}

const account = {
  homeAccountId: `${anna.objectId}.${anna.tenantId}`,
  environment: "login.test",
  tenantId: anna.tenantId,
};

function answers(method: string, username: string) {
  if (method === "GetInitContext")
    return {
      initContext: { sdkName: "test", sdkVersion: "1", capabilities: { queryAccount: false }, accountContext: account },
    };
  const claims = {
    oid: anna.objectId,
    tid: anna.tenantId,
    preferred_username: username,
    exp: 4_000_000_000,
    iat: 1,
    sub: "s",
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    token: {
      access_token: secretToken,
      id_token: `${part({ alg: "none" })}.${part(claims)}.x`,
      expires_in: 3600,
      scope: "api://desk/Desk.Use",
      properties: null,
      authority: `https://login.test/${anna.tenantId}/`,
    },
    account: { ...account, localAccountId: anna.objectId, username, name: anna.name },
  };
}
