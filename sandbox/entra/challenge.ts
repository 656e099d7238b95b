import { EntraProblem } from "./problem.ts";

/** A Conditional Access policy that is switched on: tokens need a stronger sign-in, asked for with `claims`. */
export type ClaimsChallenge = ReturnType<typeof claimsChallenge>;

const challengeClaims = JSON.stringify({ access_token: { acrs: { essential: true, value: "c1" } } });

export function claimsChallenge() {
  let required = false;
  return {
    /** From now on no token is given silently; an interactive sign-in that brings the claims lifts it. */
    require: () => {
      required = true;
    },
    lift: () => {
      required = false;
    },
    isRequired: () => required,
    /** Throws what Entra answers to a silent request that does not satisfy the policy (entra-docs, OBO). */
    check(claims: string | null) {
      if (!required || claims?.includes("acrs")) return;
      throw new EntraProblem(
        "interaction_required",
        50079,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication.",
        { claims: challengeClaims, suberror: "basic_action" },
      );
    },
  };
}
