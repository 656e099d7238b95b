import type { Configuration, IPublicClientApplication } from "@azure/msal-browser";

export class NestedAppOperatingContext {
  constructor(configuration: Configuration);
  /** Asks Outlook's bridge, if there is one. */
  initialize(): Promise<boolean>;
  isAvailable(): boolean;
}

export class NestedAppAuthController {
  constructor(context: NestedAppOperatingContext);
  initialize(request?: { correlationId: string }): Promise<void>;
  acquireTokenSilent: IPublicClientApplication["acquireTokenSilent"];
  acquireTokenPopup: IPublicClientApplication["acquireTokenPopup"];
  ssoSilent: IPublicClientApplication["ssoSilent"];
  getAllAccounts: IPublicClientApplication["getAllAccounts"];
}
