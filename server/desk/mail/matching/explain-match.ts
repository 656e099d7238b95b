import { openDesk } from "../../database.ts";
import type { ExplainedMatch } from "../reading/describe.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { matchMail } from "./match-mail.ts";

/** For `npm run explain`: whose this mail would be if it arrived now. Reads the database that the environment names. */
export async function explainMatch(mail: ReadMail): Promise<ExplainedMatch> {
  const { DATABASE_URL_DESK: url, DESK_SECRET: secret = "" } = process.env;
  if (!url)
    throw new Error(
      "Set DATABASE_URL_DESK to the desk's database (npm run -s deskhatch -- database-url desk), or add --no-match.",
    );
  const desk = openDesk(url, 2);
  try {
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
