import { endpoint } from "../../platform/endpoint.ts";
import { notFound } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { Decided, OneLoop } from "../contract/held.ts";
import { transact } from "../database.ts";
import { tellOnTicket } from "../mail/hold-back.ts";
import { ago } from "../tickets/whose-mail.ts";

export const liftLoop = endpoint({
  summary:
    "Lifts a loop: what was folded away waits in the tray, later mails are received again, and are counted anew.",
  input: OneLoop,
  output: Decided,
  run: ({ loopId }, { desk, ...asking }: AgentContext): Promise<Decided> =>
    transact(desk, async (tx) => {
      await tx.$queryRaw`select 1 from loops where id = ${loopId}::uuid for update`;
      const loop = await tx.loop.findUnique({
        where: { id: loopId },
        select: { ticketId: true, liftedAt: true, liftedById: true, ticket: { select: { number: true } } },
      });
      if (!loop) throw notFound("This loop");
      const number = loop.ticket?.number ?? null;
      if (loop.liftedAt) {
        const by =
          loop.liftedById && (await tx.agent.findUnique({ where: { id: loop.liftedById }, select: { name: true } }));
        const sentence = `${by ? by.name : "Somebody"} lifted it ${ago(loop.liftedAt)}.`;
        return { outcome: "already" as const, number, sentence };
      }
      await tx.loop.update({
        where: { id: loopId },
        data: { liftedAt: new Date(), liftedById: asking.agent.id },
        select: { id: true },
      });
      const mails = await tx.$executeRaw`
        update held_mails set loop_id = null, waits_since = case when spam_mark_id is null then now() end
        where loop_id = ${loopId}::uuid`;
      await audit(tx, asking, {
        act: "loop_lifted",
        subject: loopId,
        details: { mails },
        ...(loop.ticketId && { ticketId: loop.ticketId }),
      });
      if (loop.ticketId) await tellOnTicket(tx, loop.ticketId, `${asking.agent.name} lifted the loop.`);
      return { outcome: "done" as const, number, sentence: null };
    }),
});
