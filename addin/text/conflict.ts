/** A change that somebody else's change met. */
const en = {
  changedMeanwhile: "Somebody changed the ticket meanwhile",
  changedFromTo: (what: string, from: string, to: string) => `${what}: ${from} → ${to}`,
  versionOnly: "Something was added to the timeline.",
  yourWish: (what: string, to: string) => `You wanted ${what}: ${to}`,
  applyAnyway: "Do it anyway",
};

const de: typeof en = {
  changedMeanwhile: "Jemand hat das Ticket inzwischen geändert",
  changedFromTo: (what, from, to) => `${what}: ${from} → ${to}`,
  versionOnly: "Im Verlauf kam etwas hinzu.",
  yourWish: (what, to) => `Sie wollten ${what}: ${to}`,
  applyAnyway: "Trotzdem tun",
};

export const conflictText = { en, de };
