/** For `ilike`: what contains these words as they are, whatever signs they hold. */
export const containing = (words: string) => `%${escaped(words)}%`;
export const startingWith = (words: string) => `${escaped(words)}%`;

/** `%`, `_` and the backslash mean something to LIKE; PostgreSQL text cannot hold NUL. */
const escaped = (words: string) => words.replaceAll("\0", "").replace(/[\\%_]/g, "\\$&");
