import { appContext, type FrameIdentity, type HostTheme, themeAsNumbers } from "./context.ts";
import type { ItemModel } from "./item.ts";
import type { AddIn } from "./manifest.ts";
import { ApiCall, actionType, type LogEntry, OfficeCall, Registration, Request, type Response } from "./wire.ts";

/** How an add-in's function ended: what it gave to `event.completed(…)`, or why it never ran. */
export type Completion =
  | { ok: true; completedContext: unknown }
  | { ok: false; because: "no_such_function" | "bad_event" | "timeout" | "closed" };

export type HostFrame = {
  element: HTMLIFrameElement;
  /** Resolves when the page has called `Office.onReady` and may be asked to run functions. */
  ready: Promise<void>;
  /** Another item is selected: the add-in's `mailbox.item` is replaced and its ItemChanged handlers run. */
  changeItem(): void;
  /** Fires an event if the add-in registered for it; says whether it had. */
  fire(event: string, data: unknown): boolean;
  /** Runs a function of the page, as a command button or an event does. */
  run(functionName: string, event: unknown, patience?: number): Promise<Completion>;
  changeTheme(theme: HostTheme): void;
  close(): void;
};

export type FrameSettings = {
  url: string;
  title: string;
  addIn: AddIn;
  /** The item on screen, asked again each time the selection changes. */
  item: () => ItemModel;
  theme: HostTheme;
  locale: string;
  roamingSettings: Record<string, string>;
  /** The add-in's window gets a `nestedAppAuthBridge`. */
  bridge: boolean;
  /** Answers what msal-browser asks through that bridge; a JSON string in, a JSON string out. */
  authenticate: (request: string) => Promise<string>;
  /** `Office.context.auth.getAccessToken`. */
  accessToken: () => Promise<string | null>;
  onClosed: () => void;
  onMessage: (entry: LogEntry) => void;
};

/** Office.js's numbers for the calls below Outlook's API (`OSF.DDA.MethodDispId`). */
const officeCalls = { commandCompleted: 94, closeContainer: 97, getAccessToken: 98 } as const;

/** `OSF.DDA.ErrorCodeManager`: 11101 "no such function", 5001 "internal error" for an event that is no JSON. */
const completionStatus = { done: 0, noSuchFunction: 11101, badEvent: 5001 } as const;

/** Outlook gives an event function five minutes: learn.microsoft.com/office/dev/add-ins/develop/event-based-activation. */
const eventPatience = 300_000;

/**
 * One page of an add-in in one iframe, and the host's end of the conversation with it.
 * A pane and an event function are two frames that share one item model.
 */
export function openHostFrame(container: HTMLElement, settings: FrameSettings): HostFrame {
  const identity = identityOf(settings);
  const registrations = new Map<string, number>();
  const running = new Map<string, (completion: Completion) => void>();
  const ready = Promise.withResolvers<void>();
  let commands = 0;
  let started = false;

  const element = document.createElement("iframe");
  // The name must be there before the page: Office.js finds in it whom to talk to.
  element.name = windowName(identity, settings);
  element.title = settings.title;
  element.setAttribute(
    "sandbox",
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
  );
  element.dataset.addin = settings.title;
  element.src = settings.url;
  window.addEventListener("message", listen);
  container.append(element);

  function listen(event: MessageEvent) {
    if (event.source !== element.contentWindow || event.origin !== identity.addinOrigin) return;
    if (typeof event.data !== "string" || !event.data.startsWith("{")) return;
    const message: unknown = JSON.parse(event.data);
    if (isAuthRequest(message)) void answerAuth(event.data);
    else void answer(message);
  }

  function record(dir: LogEntry["dir"], message: unknown) {
    settings.onMessage({ id: crypto.randomUUID(), at: Date.now(), dir, message });
  }

  async function answer(message: unknown) {
    const parsed = Request.safeParse(message);
    if (!parsed.success || parsed.data._conversationId !== identity.conversationId) return;
    const request = parsed.data;
    record("in", request);
    try {
      respond(request, await dataFor(request), 0);
    } catch (error) {
      console.error(`The host could not answer ${request._actionName}`, error);
      respond(request, null, -2);
    }
    // Registering for commands is how Office.js says that the page is ready for them.
    if (request._actionName === "appCommandInvoked") ready.resolve();
  }

  async function dataFor(request: Request): Promise<unknown> {
    if (request._actionType === actionType.registerEvent) {
      const { eventDispId } = Registration.parse(request._data);
      registrations.set(request._actionName, request._correlationId);
      return { Error: 0, eventDispId };
    }
    if (request._actionType === actionType.unregisterEvent) {
      registrations.delete(request._actionName);
      return { Error: 0 };
    }
    switch (request._actionName) {
      case "ContextActivationManager_getAppContextAsync":
        // The page was loaded anew: what its predecessor registered for is gone.
        registrations.clear();
        started = true;
        return appContext(identity, settings);
      case "GetInitialData":
        return settings.item().initialData();
      case "ExecuteMethod": {
        const call = ApiCall.parse(request._data);
        return settings.item().execute(call.MethodData.DispatchId, call.ApiParams);
      }
      case "executeMethod":
        return executeOffice(OfficeCall.parse(request._data));
      case "ContextActivationManager_notifyHost":
      case "ContextActivationManager_openWindowInHost":
        return null;
      default:
        console.warn(`The sandbox's Outlook does not know the action ${request._actionName}.`);
        return null;
    }
  }

  async function executeOffice(call: OfficeCall) {
    switch (call.DdaMethod.DispatchId) {
      case officeCalls.commandCompleted:
        complete(String(call["0"]), Number(call["1"]), String(call["2"] ?? ""));
        return { Version: 1, Error: 0 };
      case officeCalls.getAccessToken: {
        const accessToken = await settings.accessToken();
        // 13003: "User type isn't supported": learn.microsoft.com/office/dev/add-ins/develop/troubleshoot-sso-in-office-add-ins.
        return accessToken ? { Version: 1, Error: 0, accessToken } : { Version: 1, Error: 13003 };
      }
      case officeCalls.closeContainer:
        queueMicrotask(close);
        return { Version: 1, Error: 0 };
      default:
        console.warn(`The sandbox's Outlook does not know the Office call ${call.DdaMethod.DispatchId}.`);
        return { Version: 1, Error: 5001 };
    }
  }

  function complete(commandId: string, status: number, result: string) {
    const finish = running.get(commandId);
    if (!finish) return;
    if (status === completionStatus.noSuchFunction) finish({ ok: false, because: "no_such_function" });
    else if (status !== completionStatus.done) finish({ ok: false, because: "bad_event" });
    else finish({ ok: true, completedContext: result ? JSON.parse(result).completedContext : undefined });
  }

  function run(functionName: string, event: unknown, patience = eventPatience): Promise<Completion> {
    const commandId = `command-${++commands}`;
    const { promise, resolve } = Promise.withResolvers<Completion>();
    const timer = setTimeout(() => resolve({ ok: false, because: "timeout" }), patience);
    running.set(commandId, resolve);
    void ready.promise.then(() => fire("appCommandInvoked", [commandId, functionName, JSON.stringify(event)]));
    return promise.finally(() => {
      clearTimeout(timer);
      running.delete(commandId);
    });
  }

  function fire(event: string, data: unknown): boolean {
    const correlationId = registrations.get(event);
    if (correlationId === undefined) return false;
    post({ ...envelope(event, correlationId), _data: data, _errorCode: 0, _responseType: 1 });
    return true;
  }

  function respond(request: Request, data: unknown, errorCode: 0 | -2) {
    post({
      ...envelope(request._actionName, request._correlationId),
      _data: data,
      _errorCode: errorCode,
      _responseType: 0,
    });
  }

  function post(response: Response) {
    record("out", response);
    element.contentWindow?.postMessage(JSON.stringify(response), identity.addinOrigin);
  }

  async function answerAuth(request: string) {
    if (!settings.bridge) return;
    record("in", JSON.parse(request));
    const reply = await settings.authenticate(request);
    record("out", withoutTokens(reply));
    element.contentWindow?.postMessage(reply, identity.addinOrigin);
  }

  function changeTheme(theme: HostTheme) {
    if (!started) return;
    fire("officeThemeChanged", [JSON.stringify(themeAsNumbers(theme))]);
    // For `Office.context.officeTheme`, which this build of Office.js lacks: see served/naa-bridge.js.
    const message = JSON.stringify({ messageType: "OutlookThemeChanged", theme });
    element.contentWindow?.postMessage(message, identity.addinOrigin);
  }

  function close() {
    window.removeEventListener("message", listen);
    for (const finish of running.values()) finish({ ok: false, because: "closed" });
    element.remove();
    settings.onClosed();
  }

  const envelope = (action: string, correlationId: number) =>
    ({
      _messageType: 1,
      _actionName: action,
      _conversationId: identity.conversationId,
      _correlationId: correlationId,
      _origin: identity.hostOrigin,
      _serializerVersion: 1,
    }) as const;

  return {
    element,
    ready: ready.promise,
    changeItem: () => void fire("olkItemSelectedChanged", settings.item().initialData()),
    fire,
    run,
    changeTheme,
    close,
  };
}

function identityOf(settings: FrameSettings): FrameIdentity {
  const hex = () => crypto.randomUUID().slice(0, 8);
  return {
    // Outlook's own form: two hexadecimal numbers and the time.
    conversationId: `${hex()}_${hex()}_${Date.now()}`,
    controlId: crypto.randomUUID(),
    correlationId: crypto.randomUUID(),
    hostOrigin: window.location.origin,
    addinOrigin: new URL(settings.url).origin,
  };
}

/** The frame's name tells Office.js who its host is, and our bridge script whether it is switched on. */
function windowName(identity: FrameIdentity, settings: FrameSettings) {
  return JSON.stringify({
    baseFrameName: `_xdm_${identity.conversationId}`,
    hostInfo: `Outlook$Web$16.01$${settings.locale.toLowerCase()}$${identity.correlationId}$$$0`,
    xdmInfo: [identity.conversationId, identity.controlId, identity.hostOrigin].join("|"),
    serializerVersion: 1,
    flights: "[]",
    nestedAppAuth: settings.bridge,
    officeTheme: settings.theme,
  });
}

function isAuthRequest(message: unknown): boolean {
  return (
    typeof message === "object" &&
    message !== null &&
    "messageType" in message &&
    message.messageType === "NestedAppAuthRequest"
  );
}

/** The log is for reading over somebody's shoulder: tokens are cut. */
function withoutTokens(reply: string): unknown {
  return JSON.parse(reply, (key, value) => (/_token$/.test(key) ? `${String(value).slice(0, 12)}…` : value));
}
