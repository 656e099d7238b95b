// Served in place of Microsoft's office.js: one mail on screen, Outlook's theme from the address, and the sign-in bridge.
(() => {
  const asked = new URLSearchParams(location.search);
  const mail = {
    itemType: "message",
    itemId: "i",
    internetMessageId: "<m@mail.test>",
    subject: "About it",
    to: [],
    cc: [],
  };
  // As the real one does.
  history.pushState = null;
  history.replaceState = null;
  window.Office = {
    HostType: { Outlook: "Outlook" },
    EventType: {},
    AsyncResultStatus: { Succeeded: "succeeded" },
    MailboxEnums: { ItemType: { Message: "message" }, RestVersion: {} },
    onReady: async () => ({ host: "Outlook" }),
    context: {
      displayLanguage: asked.get("language") ?? "en-US",
      officeTheme: { bodyBackgroundColor: asked.get("theme") === "dark" ? "#292929" : "#ffffff" },
      mailbox: {
        item: mail,
        userProfile: { displayName: "Anna Albrecht", emailAddress: "anna@deskhatch.test" },
        convertToRestId: (id) => id,
        addHandlerAsync() {},
        removeHandlerAsync() {},
      },
    },
  };

  const listeners = new Set();
  const account = {
    homeAccountId: "o.t",
    environment: "login.test",
    tenantId: "t",
    localAccountId: "o",
    username: "anna@deskhatch.test",
    name: "Anna",
  };
  const part = (value) => btoa(JSON.stringify(value)).replace(/=+$/, "");
  const idToken = `${part({ alg: "none" })}.${part({ oid: "o", tid: "t", preferred_username: account.username, exp: 4e9, sub: "s" })}.x`;
  const token = {
    access_token: "t",
    id_token: idToken,
    expires_in: 3600,
    scope: "s",
    properties: null,
    authority: "https://login.test/t/",
  };
  window.nestedAppAuthBridge = {
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
    postMessage: (text) => {
      const { method, requestId } = JSON.parse(text);
      const initContext = {
        sdkName: "test",
        sdkVersion: "1",
        capabilities: { queryAccount: false },
        accountContext: account,
      };
      const answer = method === "GetInitContext" ? { initContext } : { token, account };
      const response = JSON.stringify({ messageType: "NestedAppAuthResponse", requestId, success: true, ...answer });
      queueMicrotask(() => {
        for (const listener of listeners) listener(response);
      });
    },
  };
})();
