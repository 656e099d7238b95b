/** Why somebody could not be signed in: each cause has one sentence in `text/`, none is tried again by itself. */
export type Cause =
  /** Nothing is wrong: Microsoft wants to see the person. */
  | "needs_click"
  | "consent_missing"
  | "conditional_access"
  | "not_assigned"
  | "popup_blocked"
  | "cookies_blocked"
  | "cancelled"
  | "somebody_else"
  | "network"
  | "not_accepted"
  | "unknown";

export class SignInFailure extends Error {
  override readonly cause: Cause;
  readonly facts: Record<string, string>;

  constructor(cause: Cause, facts: Record<string, string> = {}) {
    super(`Sign-in failed: ${cause}`);
    this.cause = cause;
    this.facts = facts;
  }
}

/** What MSAL's errors have in common. */
type AuthErrorLike = { errorCode: string; errorMessage: string; subError?: string };

/**
 * Entra's numbers: learn.microsoft.com/entra/identity-platform/reference-error-codes.
 * Sub-errors of conditional access: learn.microsoft.com/entra/identity-platform/v2-conditional-access-dev-guide.
 */
const rules: { cause: Cause; codes?: RegExp; words?: RegExp }[] = [
  { cause: "consent_missing", codes: /^consent_required$/, words: /AADSTS(65001|650(52|56|57)|90094|90008)/ },
  { cause: "not_assigned", words: /AADSTS50105/ },
  { cause: "conditional_access", words: /AADSTS(5300[0-4]|53011|50005|50097|530034|50158)|message_only/ },
  {
    cause: "popup_blocked",
    codes: /^(popup_window_error|empty_window_error|block_nested_popups|popup_relay_unsupported_flow)$/,
  },
  { cause: "cancelled", codes: /^(user_cancelled|USER_CANCEL|access_denied)$/i },
  {
    cause: "network",
    codes:
      /^(no_network|no_network_connectivity|network_error|post_request_failed|get_request_failed|endpoints_resolution_error|openid_config_error|NO_NETWORK|TRANSIENT_ERROR|server_error)$/i,
  },
  {
    cause: "cookies_blocked",
    codes: /^(storage_not_supported|database_unavailable|database_not_open|crypto_nonexistent)$/,
    words: /SecurityError|Access is denied for this document/,
  },
];

/** Reads an error of MSAL. In the silent way, everything that only asks for the person is `needs_click`. */
export function understand(error: unknown, way: "silent" | "window"): SignInFailure {
  if (error instanceof SignInFailure) return error;
  const { errorCode, errorMessage, subError = "" } = asAuthError(error);
  const found = rules.find(({ codes, words }) => codes?.test(errorCode) || words?.test(`${errorMessage} ${subError}`));
  if (found) return new SignInFailure(found.cause, { code: errorCode });
  // A silent way that leads nowhere (no session, cookies kept back, more proof wanted) ends at the button, not in a loop.
  if (way === "silent") return new SignInFailure("needs_click", { code: errorCode });
  return new SignInFailure("unknown", { code: errorCode || errorMessage });
}

function asAuthError(error: unknown): AuthErrorLike {
  if (!(error instanceof Error)) return { errorCode: "", errorMessage: String(error) };
  const { errorCode, subError } = { errorCode: "", subError: "", ...error };
  return { errorCode, subError, errorMessage: `${error.name} ${error.message}` };
}
