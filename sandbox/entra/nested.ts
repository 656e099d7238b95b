import { z } from "zod";
import { tenantId } from "../world.ts";
import { EntraProblem } from "./problem.ts";
import { canSignIn } from "./sign-in-page.ts";
import { delegated, type TokenEndpoint } from "./token.ts";
import { personByAddress } from "./tokens.ts";

/** What Outlook's page passes on from the add-in's msal (BridgeRequest of @azure/msal-browser). */
export const NestedRequest = z.object({
  method: z.enum(["GetToken", "GetTokenPopup"]),
  person: z.string(),
  clientId: z.string(),
  scope: z.string(),
  claims: z.string().optional(),
});
export type NestedRequest = z.infer<typeof NestedRequest>;

/** The cloud that msal believes the account to live in; any known one serves, as nothing is fetched from it. */
const environment = "login.microsoftonline.com";

/** Nested app auth: Outlook is the broker, so the add-in gets its token without a page of its own. */
export async function answerNested(endpoint: TokenEndpoint, request: NestedRequest) {
  try {
    return { success: true, ...(await nestedToken(endpoint, request)) };
  } catch (problem) {
    if (!(problem instanceof EntraProblem)) throw problem;
    const interaction = problem.error === "interaction_required";
    return {
      success: false,
      error: {
        status: interaction ? "USER_INTERACTION_REQUIRED" : "PERSISTENT_ERROR",
        code: problem.error,
        subError: problem.more.suberror ?? "",
        description: problem.message,
      },
    };
  }
}

async function nestedToken(
  endpoint: TokenEndpoint,
  { method, person: address, clientId, scope, claims }: NestedRequest,
) {
  const person = personByAddress(address);
  if (!person || !canSignIn(person)) {
    throw new EntraProblem(
      "invalid_grant",
      50034,
      `${address} has no account in this tenant. Open Outlook as one of the agents.`,
    );
  }
  if (method === "GetTokenPopup") endpoint.challenge.lift();
  endpoint.challenge.check(method === "GetTokenPopup" ? "acrs" : (claims ?? null));
  const answer = await delegated(endpoint, person, clientId, `openid profile ${scope}`, {});
  return {
    token: {
      access_token: answer.access_token,
      id_token: answer.id_token,
      expires_in: answer.expires_in,
      scope: answer.scope,
      properties: null,
      authority: `https://${environment}/${tenantId}/`,
    },
    account: {
      environment,
      homeAccountId: `${person.objectId}.${tenantId}`,
      localAccountId: person.objectId,
      tenantId,
      username: person.address,
      name: person.name,
    },
  };
}
