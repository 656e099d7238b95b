/** Outlook shows another mail than the one for which the button was drawn; the pane's messages say so. */
export class Moved extends Error {}
