/** What is wrong with a mailbox or a CRM. What it is, and what to do, the desk says itself. */
const en = {
  troubles: "Something is wrong",
  mailboxTrouble: (addresses: string) => `Trouble with the mailbox ${addresses}`,
  mailboxesTrouble: (addresses: string) => `Trouble with the mailboxes ${addresses}`,
  crmTrouble: (names: string) => `Trouble with the CRM ${names}`,
  putAway: (what: string) => `Put away: ${what}`,
};

const de: typeof en = {
  troubles: "Etwas stimmt nicht",
  mailboxTrouble: (addresses) => `Störung im Postfach ${addresses}`,
  mailboxesTrouble: (addresses) => `Störung in den Postfächern ${addresses}`,
  crmTrouble: (names) => `Störung im CRM ${names}`,
  putAway: (what) => `Weglegen: ${what}`,
};

export const troublesText = { en, de };
