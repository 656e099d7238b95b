import { z } from "zod";

/** What @azure/msal-browser asks through `nestedAppAuthBridge`, as strings: its `BridgeProxy` and `NestedAppAuthAdapter`. */
const AuthRequest = z.object({
  messageType: z.literal("NestedAppAuthRequest"),
  method: z.enum(["GetInitContext", "GetToken", "GetTokenPopup"]),
  requestId: z.string(),
  tokenParams: z.object({ clientId: z.string(), scope: z.string() }).optional(),
});

export type BridgePerson = { address: string; objectId: string; tenantId: string };

/** Answers one request: the first from what Outlook knows, tokens from the sandbox's Entra. */
export async function answerAuthRequest(text: string, person: BridgePerson): Promise<string> {
  const request = AuthRequest.parse(JSON.parse(text));
  const reply = request.method === "GetInitContext" ? initContext(person) : await token(request, person);
  return JSON.stringify({ messageType: "NestedAppAuthResponse", requestId: request.requestId, ...reply });
}

function initContext({ objectId, tenantId }: BridgePerson) {
  return {
    success: true,
    initContext: {
      sdkName: "outlook-sandbox",
      sdkVersion: "1.0.0",
      capabilities: { queryAccount: false },
      accountContext: {
        homeAccountId: `${objectId}.${tenantId}`,
        environment: "login.microsoftonline.com",
        tenantId,
      },
    },
  };
}

async function token({ method, tokenParams }: z.infer<typeof AuthRequest>, person: BridgePerson) {
  try {
    const response = await fetch("/outlook/naa", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ method, person: person.address, ...tokenParams }),
    });
    return z.looseObject({ success: z.boolean() }).parse(await response.json());
  } catch {
    // msal-browser shows its caller this status; a silent bridge would hang it for ever.
    return {
      success: false,
      error: {
        status: "TRANSIENT_ERROR",
        code: "server_error",
        subError: "",
        description: "The sandbox's Entra did not answer. Is it still running?",
      },
    };
  }
}
