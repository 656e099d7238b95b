/** What is wrong with a mailbox, a CRM or the SMTP server. What it is, and what to do, the desk says itself. */
const en = {
  troubles: "Something is wrong",
  mailboxTrouble: (addresses: string) => `Trouble with the mailbox ${addresses}`,
  mailboxesTrouble: (addresses: string) => `Trouble with the mailboxes ${addresses}`,
  crmTrouble: (names: string) => `Trouble with the CRM ${names}`,
  smtpTrouble: "Sign-in codes and invitations do not go out",
  diskFills: (percent: number) => `A disk of the server is ${percent} % full`,
  makeRoom: {
    desk: "Ask an administrator to make room where DESK_FILES lies. When it is full, mails wait in their mailboxes and files cannot be added.",
    portal:
      "Ask an administrator to make room where PORTAL_FILES lies. When it is full, files are not shown to customers and they cannot send any.",
  },
  putAway: (what: string) => `Put away: ${what}`,
};

const de: typeof en = {
  troubles: "Etwas stimmt nicht",
  mailboxTrouble: (addresses) => `Störung im Postfach ${addresses}`,
  mailboxesTrouble: (addresses) => `Störung in den Postfächern ${addresses}`,
  crmTrouble: (names) => `Störung im CRM ${names}`,
  smtpTrouble: "Anmeldecodes und Einladungen gehen nicht hinaus",
  diskFills: (percent) => `Eine Festplatte des Servers ist zu ${percent} % voll`,
  makeRoom: {
    desk: "Bitten Sie die Administration, dort Platz zu schaffen, wo DESK_FILES liegt. Ist sie voll, warten Mails in ihren Postfächern, und Dateien lassen sich nicht hinzufügen.",
    portal:
      "Bitten Sie die Administration, dort Platz zu schaffen, wo PORTAL_FILES liegt. Ist sie voll, sehen Kunden keine neuen Dateien und können keine senden.",
  },
  putAway: (what) => `Weglegen: ${what}`,
};

export const troublesText = { en, de };
