/** Tickets that belong together. */
const en = {
  searchTicket: "Number, subject or contact",
  noTicketFound: "No ticket found.",
  linkedTickets: "Linked tickets",
  mergedHere: (number: number, subject: string) => `#${number} ${subject} was merged into this`,
  splitFrom: (number: number, subject: string) => `Split from #${number} ${subject}`,
  splitOff: (number: number, subject: string) => `#${number} ${subject} was split off`,
  follows: (number: number, subject: string) => `Follows #${number} ${subject}, which was over long ago`,
  followedBy: (number: number, subject: string) => `#${number} ${subject} follows this`,
  undoLink: (number: number) => `Undo it for #${number}`,
  linkUndone: "Undone. What came meanwhile stays where it came.",
  mergeTitle: (number: number) => `Merge #${number} into`,
  mergeHint:
    "Its thread and its number lead there from now on. Each customer keeps seeing what was released to him. You can undo it.",
  mergeHere: "Merge",
  mergeIntoThat: (number: number) => `Merge into #${number}`,
  wasMerged: (number: number, into: number) => `#${number} is continued in #${into}.`,
  splitTitle: "Make a ticket of its own of",
  splitHint: "The thread of these entries goes along, and what the customer sees of them. You can undo it.",
  nothingToSplit: "There is nothing here that can be split off.",
  splitNow: (count: number) => (count === 1 ? "Split off 1 entry" : `Split off ${count} entries`),
  wasSplit: (number: number) => `Ticket #${number} was split off.`,
};

const de: typeof en = {
  searchTicket: "Nummer, Betreff oder Kontakt",
  noTicketFound: "Kein Ticket gefunden.",
  linkedTickets: "Verbundene Tickets",
  mergedHere: (number, subject) => `#${number} ${subject} wurde mit diesem zusammengeführt`,
  splitFrom: (number, subject) => `Abgetrennt von #${number} ${subject}`,
  splitOff: (number, subject) => `#${number} ${subject} wurde abgetrennt`,
  follows: (number, subject) => `Folgt auf #${number} ${subject}, das seit Langem erledigt ist`,
  followedBy: (number, subject) => `#${number} ${subject} folgt darauf`,
  undoLink: (number) => `Für #${number} rückgängig machen`,
  linkUndone: "Rückgängig gemacht. Was inzwischen kam, bleibt, wo es ankam.",
  mergeTitle: (number) => `#${number} zusammenführen mit`,
  mergeHint:
    "Der Mailverlauf und die Nummer führen künftig dorthin. Jeder Kunde sieht weiterhin, was für ihn freigegeben wurde. Sie können es rückgängig machen.",
  mergeHere: "Zusammenführen",
  mergeIntoThat: (number) => `Mit #${number} zusammenführen`,
  wasMerged: (number, into) => `#${number} wird in #${into} fortgesetzt.`,
  splitTitle: "Ein eigenes Ticket machen aus",
  splitHint:
    "Der Mailverlauf dieser Einträge geht mit, und was der Kunde davon sieht. Sie können es rückgängig machen.",
  nothingToSplit: "Hier lässt sich nichts abtrennen.",
  splitNow: (count) => (count === 1 ? "1 Eintrag abtrennen" : `${count} Einträge abtrennen`),
  wasSplit: (number) => `Ticket #${number} wurde abgetrennt.`,
};

export const linksText = { en, de };
