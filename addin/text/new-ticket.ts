/** A mail that is no ticket yet. */
const en = {
  requester: "Requester",
  organization: "Organization",
  unknownSender: "Nobody we know",
  unknownSenderHint: (address: string) => `${address} is not a contact yet. Creating the ticket creates the contact.`,
  verified: "Sender verified",
  sentBy: "Sent by",
  verifiedHint: "Exchange vouches for the sender's domain (SPF, DKIM, DMARC).",
  unverifiedHint: "Nobody vouches for the sender's domain. Make sure that it is really this person.",
  forgedHint: "The domain says that this mail is not from it. Treat it as forged until you know better.",
  forwarded: "Forwarded mail",
  forwardedFrom: (name: string) => `It seems to come from ${name}.`,
  takeOriginal: (name: string) => `Make ${name} the requester`,
  chooseAnother: "Choose somebody else",
  chooseContact: "Find a contact",
  newContact: "New contact",
  name: "Name",
  address: "E-mail address",
  organizationHint: "Leave it empty for a person without a company.",
  useContact: "Use this contact",
  backToProposal: "Back to the proposal",
  held: "Held: believed by nobody yet",
  heldFromColleague: "A colleague sent this. Choose whose matter it is.",
  warnings: "Worth knowing",
  createTicket: "Create ticket",
  createTicketFor: (name: string) => `Create ticket for ${name}`,
  createTicketUnproven: (name: string, address: string) => `Create ticket for ${name} (${address}, not verified)`,
  creating: "Creating …",
  details: "Details",
  takeFiles: "Files to take",
  takenFiles: (taken: number, all: number) =>
    all === 0 ? "no files" : taken === all ? `${all} ${all === 1 ? "file" : "files"}` : `${taken} of ${all} files`,
  openTickets: (name: string) => `Open tickets of ${name}`,
  noOpenTickets: "No open tickets",
  mailAdded: (number: number) => `The mail was added to #${number}.`,
  alsoOnIt: "Also on this ticket",
  newPerson: (name: string, address: string) =>
    name && name !== address ? `${name} · ${address}, new` : `${address}, new`,
};

const de: typeof en = {
  requester: "Anfragende Person",
  organization: "Organisation",
  unknownSender: "Niemand, den wir kennen",
  unknownSenderHint: (address) => `${address} ist noch kein Kontakt. Mit dem Ticket wird der Kontakt angelegt.`,
  verified: "Absender bestätigt",
  sentBy: "Gesendet von",
  verifiedHint: "Exchange bürgt für die Domain des Absenders (SPF, DKIM, DMARC).",
  unverifiedHint:
    "Niemand bürgt für die Domain des Absenders. Vergewissern Sie sich, dass es wirklich diese Person ist.",
  forgedHint:
    "Die Domain sagt, dass diese Mail nicht von ihr ist. Halten Sie sie für gefälscht, bis Sie es besser wissen.",
  forwarded: "Weitergeleitete Mail",
  forwardedFrom: (name) => `Sie scheint von ${name} zu kommen.`,
  takeOriginal: (name) => `${name} als anfragende Person nehmen`,
  chooseAnother: "Jemand anderen wählen",
  chooseContact: "Kontakt suchen",
  newContact: "Neuer Kontakt",
  name: "Name",
  address: "E-Mail-Adresse",
  organizationHint: "Leer lassen bei einer Person ohne Firma.",
  useContact: "Diesen Kontakt nehmen",
  backToProposal: "Zurück zum Vorschlag",
  held: "Zurückgehalten: noch glaubt ihr niemand",
  heldFromColleague: "Das hat jemand aus dem Team geschickt. Wähle, um wessen Anliegen es geht.",
  warnings: "Gut zu wissen",
  createTicket: "Ticket anlegen",
  createTicketFor: (name) => `Ticket für ${name} anlegen`,
  createTicketUnproven: (name, address) => `Ticket für ${name} anlegen (${address}, nicht bestätigt)`,
  creating: "Wird angelegt …",
  details: "Einzelheiten",
  takeFiles: "Dateien übernehmen",
  takenFiles: (taken, all) =>
    all === 0
      ? "keine Dateien"
      : taken === all
        ? `${all} ${all === 1 ? "Datei" : "Dateien"}`
        : `${taken} von ${all} Dateien`,
  openTickets: (name) => `Offene Tickets von ${name}`,
  noOpenTickets: "Keine offenen Tickets",
  mailAdded: (number) => `Die Mail liegt jetzt bei #${number}.`,
  alsoOnIt: "Auch an diesem Ticket",
  newPerson: (name, address) => (name && name !== address ? `${name} · ${address}, neu` : `${address}, neu`),
};

export const newTicketText = { en, de };
