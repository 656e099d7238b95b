import type { AgentRole } from "../../../prisma/generated/desk/client.ts";
import { audit } from "../audit.ts";
import type { Asking } from "../context.ts";
import { type Desk, type DeskTransaction, transact } from "../database.ts";
import type { Bearer } from "./token.ts";

/** "Seen" is written this often at most, so that reading costs no writing. */
const minute = 60_000;
/** Who was not seen for this long has signed in anew, as the audit log tells it. */
const session = 30 * minute;

/** The agent behind a token: a row is made at the first sign-in, and follows what Entra says of name, address and role. */
export async function agentOf(desk: Desk, bearer: Bearer & { role: AgentRole }, ip: string): Promise<Asking> {
  const { tenantId, objectId } = bearer;
  const known = await desk.agent.findUnique({ where: { tenantId_objectId: { tenantId, objectId } }, select });
  if (known && isCurrent(known, bearer)) return asking(known, bearer, ip);
  return transact(desk, (tx) => signIn(tx, bearer, ip));
}

const select = { id: true, name: true, address: true, role: true, lastSeenAt: true } as const;

type Known = { id: string; name: string; address: string; role: AgentRole; lastSeenAt: Date | null };

function isCurrent(known: Known, { name, address, role }: Bearer) {
  const seenLately = known.lastSeenAt !== null && Date.now() - known.lastSeenAt.getTime() < minute;
  return seenLately && known.name === name && known.address === address && known.role === role;
}

async function signIn(tx: DeskTransaction, bearer: Bearer & { role: AgentRole }, ip: string): Promise<Asking> {
  const { tenantId, objectId, name, address, role } = bearer;
  const where = { tenantId_objectId: { tenantId, objectId } };
  const before = await tx.agent.findUnique({ where, select });
  const seen = { name, address, role, lastSeenAt: new Date() };
  const agent = await tx.agent.upsert({ where, update: seen, create: { tenantId, objectId, ...seen }, select });

  const who = asking(agent, bearer, ip);
  const away = Date.now() - (before?.lastSeenAt?.getTime() ?? 0);
  if (away > session) await audit(tx, who, { act: "agent_signed_in", details: { role } });
  if (before && before.role !== role)
    await audit(tx, who, { act: "agent_role_changed", subject: agent.id, details: { from: before.role, to: role } });
  return who;
}

const asking = ({ id, name, address, role }: Known, { program }: Bearer, ip: string): Asking => ({
  agent: { id, name, address, role },
  client: program,
  ip,
});
