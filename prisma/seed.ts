/** Makes a believable world in the desk: the support mailbox, three organizations and twelve contacts. Twice is once. */
import { openDesk, transact } from "../server/desk/database.ts";
import { addMailbox } from "../server/desk/mailboxes/add.ts";
import type { PortalScope, Prisma } from "./generated/desk/client.ts";

type Organization = {
  id: string;
  name: string;
  language: string;
  timeZone: string;
  portalScope: PortalScope;
  domains: string[];
  contacts: { id: string; name: string; addresses: string[] }[];
};

const id = (kind: string, number: number) => `${kind}-0000-4000-8000-${String(number).padStart(12, "0")}`;

export const organizations: readonly Organization[] = [
  {
    id: id("0a9a0001", 1),
    name: "Harbourlight Logistics",
    language: "en",
    timeZone: "Europe/London",
    portalScope: "only_new",
    domains: ["harbourlight.test", "harbourlight-freight.test"],
    contacts: [
      {
        id: id("c0a7ac70", 1),
        name: "Alice Moreau",
        addresses: ["alice@harbourlight.test", "alice.moreau@harbourlight-freight.test"],
      },
      { id: id("c0a7ac70", 2), name: "Adam Lindqvist", addresses: ["adam@harbourlight.test"] },
      { id: id("c0a7ac70", 3), name: "Priya Raman", addresses: ["priya@harbourlight.test"] },
      { id: id("c0a7ac70", 4), name: "Tom Becket", addresses: ["tom@harbourlight-freight.test"] },
    ],
  },
  {
    id: id("0a9a0001", 2),
    name: "Birkenfeld Werke GmbH",
    language: "de",
    timeZone: "Europe/Berlin",
    portalScope: "none",
    domains: ["birkenfeld-werke.test"],
    contacts: [
      { id: id("c0a7ac70", 5), name: "Bob Tanaka", addresses: ["bob@birkenfeld-werke.test"] },
      { id: id("c0a7ac70", 6), name: "Katrin Vogel", addresses: ["katrin.vogel@birkenfeld-werke.test"] },
      { id: id("c0a7ac70", 7), name: "Jonas Weiß", addresses: ["jonas.weiss@birkenfeld-werke.test"] },
      { id: id("c0a7ac70", 8), name: "Selma Aydın", addresses: ["selma.aydin@birkenfeld-werke.test"] },
    ],
  },
  {
    id: id("0a9a0001", 3),
    name: "Solano Clinics",
    language: "en",
    timeZone: "Europe/Madrid",
    portalScope: "none",
    domains: ["solano-clinics.test"],
    contacts: [
      { id: id("c0a7ac70", 9), name: "Dr. Inés Solano", addresses: ["ines@solano-clinics.test"] },
      { id: id("c0a7ac70", 10), name: "Marco Ruiz", addresses: ["marco@solano-clinics.test"] },
      { id: id("c0a7ac70", 11), name: "Hana Kim", addresses: ["hana@solano-clinics.test"] },
      // Works for the clinic and writes from home: a free-mail domain says nothing about the organization.
      { id: id("c0a7ac70", 12), name: "Marta Kovač", addresses: ["marta.kovac.deskhatch.sample@gmail.com"] },
    ],
  },
];

/** The mailbox every sandbox has, also an empty one. */
export async function seedMailbox(deskUrl: string, address: string) {
  const desk = openDesk(deskUrl, 2);
  try {
    await transact(desk, (tx) => addMailbox(tx, { address, name: "Support", mode: "on_conversion", team: "Support" }));
  } finally {
    await desk.$disconnect();
  }
}

export async function seedDirectory(deskUrl: string) {
  const desk = openDesk(deskUrl, 2);
  try {
    await transact(desk, async (tx) => {
      const rows = organizations.map(({ domains: _, contacts: __, ...organization }) => organization);
      await tx.organization.createMany({ data: rows, skipDuplicates: true });
      await tx.organizationDomain.createMany({ data: organizations.flatMap(domainRows), skipDuplicates: true });
      await tx.contact.createMany({ data: organizations.flatMap(contactRows), skipDuplicates: true });
      await tx.contactAddress.createMany({ data: organizations.flatMap(addressRows), skipDuplicates: true });
    });
  } finally {
    await desk.$disconnect();
  }
}

const domainRows = ({ id: organizationId, domains }: Organization): Prisma.OrganizationDomainCreateManyInput[] =>
  domains.map((domain) => ({ domain, organizationId }));

const contactRows = ({ id: organizationId, contacts }: Organization): Prisma.ContactCreateManyInput[] =>
  contacts.map(({ id, name }) => ({ id, name, organizationId }));

const addressRows = ({ contacts }: Organization): Prisma.ContactAddressCreateManyInput[] =>
  contacts.flatMap(({ id: contactId, addresses }) =>
    addresses.map((address, at) => ({ address, contactId, primary: at === 0 })),
  );
