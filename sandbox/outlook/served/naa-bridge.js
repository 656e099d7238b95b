/*
 * What Outlook gives a page beyond npm's Office.js: the bridge for nested app authentication and `Office.context.officeTheme`.
 * Loaded by the add-in's page in the sandbox only, before or after office.js. What it needs to know is in the frame's
 * name, which Outlook set: `xdmInfo` (whose third part is Outlook's origin), `nestedAppAuth` and `officeTheme`.
 */
(() => {
  if (window.parent === window || !window.name.startsWith("{")) return;
  const frame = JSON.parse(window.name);
  const outlook = frame.xdmInfo.split("|")[2];

  const fromOutlook = (handle) => (event) => {
    if (event.source !== window.parent || event.origin !== outlook || typeof event.data !== "string") return;
    const message = JSON.parse(event.data);
    handle(message, event.data);
  };

  // The shape that @azure/msal-browser's BridgeProxy calls.
  if (frame.nestedAppAuth) {
    const listeners = new Map();
    window.nestedAppAuthBridge = {
      postMessage: (request) => window.parent.postMessage(request, outlook),
      addEventListener: (_name, callback) => {
        const listener = fromOutlook((message, text) => {
          if (message.messageType === "NestedAppAuthResponse") callback(text);
        });
        listeners.set(callback, listener);
        window.addEventListener("message", listener);
      },
      removeEventListener: (_name, callback) => {
        window.removeEventListener("message", listeners.get(callback));
        listeners.delete(callback);
      },
    };
  }

  let theme = frame.officeTheme;
  window.addEventListener(
    "message",
    fromOutlook((message) => {
      if (message.messageType === "OutlookThemeChanged") theme = message.theme;
    }),
  );
  const giveTheme = () =>
    window.Office.onReady(() => {
      if (!Office.context || "officeTheme" in Office.context) return;
      Object.defineProperty(Office.context, "officeTheme", { enumerable: true, get: () => theme });
    });
  // Ours must be the first callback, so that the page's own finds the theme: hence right after office.js has run.
  if (window.Office) giveTheme();
  else
    document.addEventListener(
      "load",
      ({ target }) => {
        if (target instanceof HTMLScriptElement && /\/office(\.debug)?\.js(\?|$)/.test(target.src)) giveTheme();
      },
      true,
    );
})();
