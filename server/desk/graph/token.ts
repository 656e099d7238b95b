import { X509Certificate } from "node:crypto";
import { ConfidentialClientApplication, ServerError } from "@azure/msal-node";
import type { DeskSettings } from "../../platform/config.ts";
import { say } from "../say.ts";
import { GraphTrouble } from "./trouble.ts";

/** A token is renewed while it is still good for so long. */
const renewBefore = 5 * 60_000;

type Token = { text: string; until: number };

export type Tokens = {
  get: () => Promise<string>;
  /** The service did not take it: the next one is new, whatever its date says. */
  forget: () => void;
};

/** Always this name, wherever GRAPH_URL leads: it names the permissions, not the host. */
const graph = "https://graph.microsoft.com";

/** Tokens as the application itself, by certificate, for Graph or another service. One request at a time, however many wait for it. */
export function openTokens(settings: DeskSettings, resource = graph): Tokens {
  let client: ConfidentialClientApplication | null = null;
  let underWay: Promise<Token> | null = null;
  let token: Token | null = null;

  return {
    get: async () => {
      if (token && token.until > Date.now()) return token.text;
      client ??= clientOf(settings);
      underWay ??= acquire(client, resource)
        .catch((trouble: unknown) => {
          // After an outage msal would repeat its own answer for a minute.
          client = null;
          throw trouble;
        })
        .finally(() => {
          underWay = null;
        });
      token = await underWay;
      return token.text;
    },
    forget: () => {
      token = null;
    },
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

async function acquire(client: ConfidentialClientApplication, resource: string): Promise<Token> {
  const result = await client
    .acquireTokenByClientCredential({
      scopes: [`${resource}/.default`],
      // We keep it ourselves; msal would give the same one again after Graph refused it.
      skipCache: true,
    })
    .catch((cause: unknown) => {
      throw whyNot(cause);
    });
  if (result) return { text: result.accessToken, until: (result.expiresOn?.getTime() ?? 0) - renewBefore };
  throw new GraphTrouble("unauthorized", "token", say("sign_in_refused"));
}

/** A refusal has a number (https://learn.microsoft.com/entra/identity-platform/reference-error-codes); an outage has none. */
function whyNot(cause: unknown): GraphTrouble {
  const number = cause instanceof ServerError ? cause.errorNo : undefined;
  return number
    ? new GraphTrouble("unauthorized", "token", say("sign_in_refused"), null, cause)
    : new GraphTrouble("unreachable", "token", say("entra_silent"), null, cause);
}
