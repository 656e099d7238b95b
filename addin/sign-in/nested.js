// MSAL's nested half alone. Its front door, createNestablePublicClientApplication, brings the standard half along, 40 kB that
// an Outlook with a bridge never uses; the build stops when a new version of MSAL moves these files.
export { NestedAppAuthController } from "../../node_modules/@azure/msal-browser/dist/controllers/NestedAppAuthController.mjs";
export { NestedAppOperatingContext } from "../../node_modules/@azure/msal-browser/dist/operatingcontext/NestedAppOperatingContext.mjs";
