import { X509Certificate } from "node:crypto";
import { ConfidentialClientApplication } from "@azure/msal-node";
import type { DeskSettings } from "../../platform/config.ts";
import { GraphTrouble } from "./trouble.ts";

/** Tokens for Graph as the application itself, by certificate. One request at a time, however many wait for it. */
export function openTokens(settings: DeskSettings): () => Promise<string> {
  let client: ConfidentialClientApplication | null = null;
  let underWay: Promise<string> | null = null;

  return () => {
    client ??= clientOf(settings);
    underWay ??= acquire(client).finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

function clientOf(settings: DeskSettings) {
  return new ConfidentialClientApplication({
    auth: {
      clientId: settings.ENTRA_CLIENT_ID,
      authority: `${settings.ENTRA_URL}/${settings.ENTRA_TENANT_ID}`,
      // With its port: msal compares hosts as they are written.
      knownAuthorities: [new URL(settings.ENTRA_URL).host],
      clientCertificate: {
        thumbprintSha256: new X509Certificate(settings.ENTRA_CERTIFICATE).fingerprint256.replaceAll(":", ""),
        privateKey: settings.ENTRA_PRIVATE_KEY,
        x5c: settings.ENTRA_CERTIFICATE,
      },
    },
  });
}

async function acquire(client: ConfidentialClientApplication): Promise<string> {
  try {
    // Always this resource name, wherever GRAPH_URL leads: it names the permissions, not the host.
    const result = await client.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
    if (result) return result.accessToken;
  } catch (cause) {
    throw new GraphTrouble("unauthorized", "token", signInSentence, null, cause);
  }
  throw new GraphTrouble("unauthorized", "token", signInSentence);
}

const signInSentence =
  "Entra ID did not let us sign in. Ask an administrator to check ENTRA_TENANT_ID, ENTRA_CLIENT_ID and that the certificate is registered and valid.";
