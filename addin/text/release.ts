/** What goes to the customer with a release, and what is taken back. */
const en = {
  releaseTitle: "What may the customer see?",
  releaseWords: "The new words",
  releaseWordsHint: "always part of a release",
  releaseQuoted: "Quoted history",
  releaseInline: "Inline images",
  retractTitle: "Take it back from the customer?",
  retractHint:
    "It disappears from the portal, its files and its search at once. A mail that was sent cannot be recalled.",
  retractNow: "Retract now",
};

const de: typeof en = {
  releaseTitle: "Was darf der Kunde sehen?",
  releaseWords: "Die neuen Worte",
  releaseWordsHint: "gehören immer zur Freigabe",
  releaseQuoted: "Zitierte Vorgeschichte",
  releaseInline: "Bilder im Text",
  retractTitle: "Dem Kunden wieder entziehen?",
  retractHint:
    "Es verschwindet sofort aus dem Portal, seinen Dateien und seiner Suche. Eine versandte Mail lässt sich nicht zurückholen.",
  retractNow: "Jetzt zurückziehen",
};

export const releaseText = { en, de };
