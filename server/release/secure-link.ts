/** Opens one ticket for one customer without signing in. */
import { createHash, randomBytes } from "node:crypto";
import { type Actor, audit } from "../desk/audit.ts";
import type { DeskTransaction } from "../desk/database.ts";
import type { DeskQueue } from "../desk/jobs.ts";

/** Long enough for an answer after a holiday, short enough for an old mail to open nothing. */
const days = 30;

/** Makes a link for one recipient. The secret stands in the returned address only; kept is its hash. */
export async function makeSecureLink(
  tx: DeskTransaction,
  { portalUrl, ticketId, contactId }: { portalUrl: string; ticketId: string; contactId: string },
): Promise<string> {
  const secret = randomBytes(24).toString("base64url");
  const expiresAt = new Date(Date.now() + days * 24 * 60 * 60 * 1000);
  await tx.secureLink.create({
    data: { ticketId, contactId, expiresAt, secretHash: createHash("sha256").update(secret).digest("hex") },
    select: { id: true },
  });
  return `${portalUrl}/l/${secret}`;
}

/** Ends links of a ticket: all, or one contact's. They open nothing once the portal has been brought up to date. */
export async function revokeSecureLinks(
  tx: DeskTransaction,
  queue: DeskQueue,
  { ticketId, contactId, actor }: { ticketId: string; contactId?: string; actor: Actor },
): Promise<number> {
  const { count } = await tx.secureLink.updateMany({
    where: { ticketId, revokedAt: null, ...(contactId && { contactId }) },
    data: { revokedAt: new Date() },
  });
  if (count === 0) return 0;
  await audit(tx, actor, { act: "secure_links_revoked", ticketId, details: { count } });
  await queue.enqueue(tx, "publish-ticket", { ticketId }, { key: ticketId });
  return count;
}
