/** What is wrong with a mailbox, a CRM or the SMTP server. What it is, and what to do, the desk says itself. */
const en = {
  troubles: "Something is wrong",
  mailboxTrouble: (addresses: string) => `Trouble with the mailbox ${addresses}`,
  mailboxesTrouble: (addresses: string) => `Trouble with the mailboxes ${addresses}`,
  crmTrouble: (names: string) => `Trouble with the CRM ${names}`,
  smtpTrouble: "Sign-in codes and invitations do not go out",
  putAway: (what: string) => `Put away: ${what}`,
};

const de: typeof en = {
  troubles: "Etwas stimmt nicht",
  mailboxTrouble: (addresses) => `Störung im Postfach ${addresses}`,
  mailboxesTrouble: (addresses) => `Störung in den Postfächern ${addresses}`,
  crmTrouble: (names) => `Störung im CRM ${names}`,
  smtpTrouble: "Anmeldecodes und Einladungen gehen nicht hinaus",
  putAway: (what) => `Weglegen: ${what}`,
};

export const troublesText = { en, de };
