import { findAddresses } from "../../../platform/database/addresses.ts";
import { openDesk } from "../../database.ts";
import type { ExplainedMatch } from "../reading/describe.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { matchMail } from "./match-mail.ts";

/** For `npm run explain`: whose this mail would be if it arrived now, in the database of the environment or of `npm start`. */
export async function explainMatch(mail: ReadMail): Promise<ExplainedMatch> {
  const desk = openDesk(databaseAddress(), 2);
  try {
    await desk.$queryRaw`select 1`.catch(() => {
      throw new Error("The desk's database does not answer. Start Deskhatch, or add --no-match.");
    });
    const secret = process.env.DESK_SECRET ?? "";
    const match = await matchMail(desk, mail, { secret, conversationId: null });
    const [contact, organization, ticket] = await Promise.all([
      match.contactId
        ? desk.contact.findUnique({
            where: { id: match.contactId },
            select: {
              id: true,
              name: true,
              addresses: { select: { address: true }, orderBy: { primary: "desc" }, take: 1 },
            },
          })
        : null,
      match.organizationId
        ? desk.organization.findUnique({ where: { id: match.organizationId }, select: { id: true, name: true } })
        : null,
      match.ticketId
        ? desk.ticket.findUnique({ where: { id: match.ticketId }, select: { number: true, subject: true } })
        : null,
    ]);
    return {
      match: {
        contact: contact && { id: contact.id, name: contact.name, address: contact.addresses[0]?.address ?? "" },
        organization,
        ticket,
        because: match.because,
      },
      held: match.heldBecause ? { because: match.heldBecause } : null,
    };
  } finally {
    await desk.$disconnect();
  }
}

function databaseAddress() {
  try {
    return findAddresses().desk;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error} Or add --no-match.`);
  }
}
