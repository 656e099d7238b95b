/** For `ilike`: what contains these words as they are, whatever signs they hold. */
export const containing = (words: string) => `%${escaped(words)}%`;
export const startingWith = (words: string) => `${escaped(words)}%`;

/** `%`, `_` and the backslash mean something to LIKE. */
const escaped = (words: string) => words.replace(/[\\%_]/g, "\\$&");
