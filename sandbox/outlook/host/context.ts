import type { AddIn } from "./manifest.ts";

/** How a frame and its host know each other. */
export type FrameIdentity = {
  conversationId: string;
  controlId: string;
  correlationId: string;
  hostOrigin: string;
  addinOrigin: string;
};

/** `Office.OfficeTheme`: the four colours that Office gives, and which of its themes they belong to. */
export type HostTheme = {
  bodyBackgroundColor: string;
  bodyForegroundColor: string;
  controlBackgroundColor: string;
  controlForegroundColor: string;
  isDarkTheme: boolean;
};

export const lightTheme: HostTheme = {
  bodyBackgroundColor: "#ffffff",
  bodyForegroundColor: "#242424",
  controlBackgroundColor: "#ffffff",
  controlForegroundColor: "#242424",
  isDarkTheme: false,
};

export const darkTheme: HostTheme = {
  bodyBackgroundColor: "#292929",
  bodyForegroundColor: "#ffffff",
  controlBackgroundColor: "#333333",
  controlForegroundColor: "#ffffff",
  isDarkTheme: true,
};

/** The event carries colours as numbers; Office.js writes them as #rrggbb again. */
export function themeAsNumbers(theme: HostTheme): Record<string, number> {
  const colours = Object.entries(theme).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(colours.map(([name, colour]) => [name, Number.parseInt(colour.slice(1), 16)]));
}

/** `_appName` of Outlook on the web in Office.js's `AppName`. */
const outlookWebApp = 64;

/**
 * The newest requirement sets that this build of Office.js implements; saying more would make add-ins call what is not there.
 * Outlook on the web says yes to NestedAppAuth with and without a bridge (AzureAD/microsoft-authentication-library-for-js#7723), so we do.
 */
const requirementSets = { Mailbox: "1.12", IdentityAPI: "1.3", NestedAppAuth: "1.1" };

/** The answer to `getAppContextAsync`. The first nine members are required: Office.js stops when one is missing. */
export function appContext(
  identity: FrameIdentity,
  settings: { addIn: AddIn; locale: string; roamingSettings: Record<string, string> },
) {
  const locale = settings.locale.toLowerCase();
  return {
    _id: identity.controlId,
    _appName: outlookWebApp,
    _appVersion: "16.01",
    _appUILocale: locale,
    _dataLocale: locale,
    _docUrl: "",
    _clientMode: 0,
    _settings: settings.roamingSettings,
    _reason: "documentOpened",
    _appMinorVersion: 1,
    _osfControlType: 0,
    _eToken: "",
    _correlationId: identity.correlationId,
    _appInstanceId: identity.controlId,
    _requirementMatrix: JSON.stringify(requirementSets),
    _hostFullVersion: "20261113003.10",
    _addinName: settings.addIn.name,
    _appDomains: settings.addIn.appDomains,
    _hostCustomMessage: "",
    _clientWindowHeight: window.innerHeight,
    _clientWindowWidth: window.innerWidth,
  };
}
