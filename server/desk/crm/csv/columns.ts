/**
 * How the columns of a file may be called, in English and German. Case, spaces, signs and a number at the end do not
 * matter: "E-Mail 2" is "email". README.md lists them for people.
 */
const names = [
  ["id", "id externalid contactid kontaktid kontaktnummer personid personnummer recordid"],
  ["name", "name fullname contact contactname displayname kontakt kontaktname ansprechpartner anzeigename vollername"],
  ["firstName", "firstname givenname vorname"],
  ["lastName", "lastname surname familyname nachname familienname"],
  [
    "address",
    "email emails mail emailaddress emailaddresses primaryemail secondaryemail otheremail otheremails emailadresse emailadressen mailadresse weitereemail weitereemails",
  ],
  ["language", "language lang sprache"],
  [
    "organization",
    "organization organisation organizationname company companyname account accountname customer customername firma firmenname unternehmen kunde kundenname",
  ],
  [
    "organizationId",
    "organizationid organisationid companyid accountid customerid customernumber firmenid firmennummer kundenid kundennummer unternehmensid",
  ],
  ["domains", "domain domains website webseite organizationdomain organizationdomains domane domanen"],
  ["organizationLanguage", "organizationlanguage companylanguage firmensprache"],
  ["timeZone", "timezone zeitzone"],
  ["portalScope", "portalscope portal portalumfang"],
] as const;

export type Column = (typeof names)[number][0];

const byName = new Map<string, Column>(
  names.flatMap(([column, known]) => known.split(" ").map((name): [string, Column] => [name, column])),
);

export function columnOf(header: string): Column | null {
  const plain = header
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z]/g, "");
  return byName.get(plain) ?? null;
}
