/** What Dataverse says when it does not do what it was asked, in our words. */
import { CrmTrouble } from "../source.ts";

type Refusal = { status: number; code: string; message: string; retryAt: Date | null };

/** ExpiredVersionStamp: the token is older than ExpireChangeTrackingInDays (use-change-tracking-synchronize-data-external-systems). */
const expiredToken = /^0x80044352$/i;

/** Number of requests, execution time, concurrent requests (learn.microsoft.com/power-apps/developer/data-platform/api-limits). */
const limits = /^0x8007232[126]$/i;

export function troubleOf({ status, code, message, retryAt }: Refusal): CrmTrouble {
  if (status === 410 || expiredToken.test(code)) return new CrmTrouble("resync", "Dataverse has forgotten our place.");
  if (status === 429 || limits.test(code))
    return new CrmTrouble("passing", "Dataverse asks us to slow down. Nothing to do: we go on by ourselves.", {
      retryAt,
    });
  if (status === 401)
    return new CrmTrouble(
      "lasting",
      "Dataverse does not accept our sign-in. Ask an administrator to add the app registration as an application user of the environment (Power Platform admin centre → Environments → Settings → Application users).",
    );
  if (status === 403)
    return new CrmTrouble(
      "lasting",
      "Dataverse denies access to accounts or contacts. Ask an administrator to give our application user a security role that reads both for the whole organization, and, with DATAVERSE_WRITE_BACK, creates and writes contacts.",
    );
  if (status >= 500 || status === 408)
    return new CrmTrouble("passing", "Dataverse has trouble of its own. Nothing to do: we try again.", { retryAt });
  return new CrmTrouble(
    "lasting",
    `Dataverse refused the request (${status} ${code}: ${message}). Check DATAVERSE_URL.`,
  );
}

export const noAnswer = (cause: unknown) =>
  new CrmTrouble(
    "passing",
    "Dataverse did not answer. Check that this machine reaches DATAVERSE_URL and ENTRA_URL; we try again.",
    { cause },
  );

export const noSignIn = (cause: unknown) =>
  new CrmTrouble(
    "lasting",
    "Entra ID did not let us sign in to Dataverse. Ask an administrator to check ENTRA_TENANT_ID, ENTRA_CLIENT_ID, DATAVERSE_URL and that the certificate is registered and valid.",
    { cause },
  );

export const unreadable = (cause: unknown) =>
  new CrmTrouble("passing", "Dataverse answered something that we cannot read. We try again.", { cause });

export const notTracked = (table: string) =>
  new CrmTrouble(
    "lasting",
    `Dataverse does not tell what changes in ${table}. Ask an administrator to turn on “Track changes” for that table (Power Apps → Tables → Properties).`,
  );
