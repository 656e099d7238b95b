import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ActKind } from "../../../portal/contract.ts";
import { Prisma } from "../../../prisma/generated/portal/client.ts";
import type { Viewer } from "../access.ts";
import type { Portal } from "../app.ts";
import type { Upload } from "../files/upload.ts";

export type Act = {
  kind: ActKind;
  ticketId: string | null;
  subject: string;
  text: string;
  onceKey: string;
  files: Upload[];
};

export type Acted = { ok: true; actId: string } | { ok: false; because: "sent_before_with_other_words" };

/**
 * Writes down what a customer did and wakes the door, both or neither.
 * The form's once key makes a second sending of it the same act.
 */
export async function act({ database }: Portal, customer: Viewer, { files, ...facts }: Act): Promise<Acted> {
  const { organizationId, contactId } = customer;
  const actId = randomUUID();
  try {
    await database.prisma.$transaction([
      database.prisma.customerAct.create({
        data: {
          ...{ organizationId, actId, contactId, ...facts },
          files: { create: files.map((file, position) => ({ ...file, fileId: randomUUID(), position })) },
        },
        select: { actId: true },
      }),
      database.prisma.$executeRaw`select pg_notify('customer_act', '')`,
    ]);
    return { ok: true, actId };
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")
      return sentBefore(database.prisma, { organizationId, contactId, onceKey: facts.onceKey }, facts);
    throw error;
  }
}

type Key = { organizationId: string; contactId: string; onceKey: string };

async function sentBefore(prisma: Portal["database"]["prisma"], key: Key, facts: Omit<Act, "files">): Promise<Acted> {
  const { actId, ...before } = await prisma.customerAct.findUniqueOrThrow({
    where: { organizationId_contactId_onceKey: key },
    select: { actId: true, kind: true, ticketId: true, subject: true, text: true, onceKey: true },
  });
  const { kind, ticketId, subject, text, onceKey } = facts;
  const same = isDeepStrictEqual(before, { kind, ticketId, subject, text, onceKey });
  return same ? { ok: true, actId } : { ok: false, because: "sent_before_with_other_words" };
}
