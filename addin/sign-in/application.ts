import type { Configuration, IPublicClientApplication } from "@azure/msal-browser";
import { NestedAppAuthController, NestedAppOperatingContext } from "./nested.js";

/** What the pane uses of MSAL. */
export type Application = Pick<
  IPublicClientApplication,
  "acquireTokenSilent" | "acquireTokenPopup" | "ssoSilent" | "getAllAccounts"
>;

/**
 * Nested app authentication where Outlook has a bridge, an ordinary single-page application where it has none: the same
 * decision as MSAL's createNestablePublicClientApplication, with the ordinary one fetched only when it is needed.
 */
export async function createApplication(configuration: Configuration): Promise<Application> {
  const outlook = new NestedAppOperatingContext(configuration);
  await outlook.initialize();
  if (!outlook.isAvailable()) {
    const { createStandardPublicClientApplication } = await import("@azure/msal-browser");
    return createStandardPublicClientApplication(configuration);
  }
  const nested = new NestedAppAuthController(outlook);
  await nested.initialize({ correlationId: crypto.randomUUID() });
  return nested;
}
