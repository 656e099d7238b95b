import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import type { AgentContext } from "../context.ts";
import { Me } from "../contract/people.ts";
import { saidOf } from "../say.ts";

export const me = endpoint({
  summary: "Who I am, and what I work with: colleagues, mailboxes, teams.",
  input: z.strictObject({}),
  output: Me,
  run: async (_, { desk, agent, settings }: AgentContext) => {
    const [agents, mailboxes, crms, waiting, disks] = await Promise.all([
      desk.agent.findMany({ select: { id: true, name: true, role: true }, orderBy: [{ name: "asc" }, { id: "asc" }] }),
      desk.mailbox.findMany({
        select: {
          id: true,
          address: true,
          name: true,
          mode: true,
          team: true,
          lastSyncedAt: true,
          trouble: true,
          untoldBecause: true,
        },
        orderBy: { address: "asc" },
      }),
      desk.crmSource.findMany({
        where: { complete: true },
        select: { id: true, lastSyncedAt: true, trouble: true },
        orderBy: { id: "asc" },
      }),
      desk.sending.findFirst({
        where: { state: "drafted", transport: "smtp", lastError: { not: null }, sendAfter: { lt: aMinuteAgo() } },
        select: { lastError: true },
        orderBy: { sendAfter: "desc" },
      }),
      desk.disk.findMany({
        where: { told: { gt: 0 } },
        select: { store: true, usedPercent: true },
        orderBy: { store: "asc" },
      }),
    ]);
    return {
      agent,
      agents,
      mailboxes: mailboxes.map(({ untoldBecause, trouble, ...rest }) => {
        const said = trouble ?? untoldBecause;
        return readable({ ...rest, trouble: said === null ? null : saidOf(said) });
      }),
      crms: crms.map(readable),
      fullDisks: Me.shape.fullDisks.parse(disks),
      smtpTrouble: waiting?.lastError ?? null,
      teams: [...new Set(mailboxes.flatMap(({ team }) => team ?? []))].sort(),
      portalUrl: settings.PORTAL_URL,
      graceSeconds: settings.GRACE_SECONDS,
      mailSizeMb: settings.MAIL_SIZE_MB,
    };
  },
});

/** A server may put off once whom it does not know yet (RFC 6647, greylisting). */
const aMinuteAgo = () => new Date(Date.now() - 60_000);

const readable = <Row extends { lastSyncedAt: Date | null }>({ lastSyncedAt, ...row }: Row) => ({
  ...row,
  lastSyncedAt: lastSyncedAt?.toISOString() ?? null,
});
