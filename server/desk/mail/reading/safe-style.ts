/** Properties that change how words look where they stand. None of them moves, fetches, animates or covers. */
const PROPERTIES =
  /^(color|background-color|background|font(-(family|size|style|weight|variant|stretch))?|line-height|letter-spacing|word-spacing|word-break|word-wrap|overflow-wrap|white-space|text-(align|decoration(-(line|color|style))?|indent|transform)|vertical-align|direction|unicode-bidi|list-style(-type)?|display|float|clear|(min-|max-)?(width|height)|margin(-(top|right|bottom|left))?|padding(-(top|right|bottom|left))?|border(-(top|right|bottom|left))?(-(width|style|color))?|border-(collapse|spacing|radius)|table-layout|caption-side|empty-cells|box-sizing|opacity)$/;

/** No escapes, no functions but colours and sums, nothing that names another place. */
const FORBIDDEN_VALUE =
  /[\\<>{}@]|\/\*|url|expression|image|import|behavio|binding|javascript|var\s*\(|attr\s*\(|env\s*\(|-\s*\d{3,}/i;
const FUNCTIONS = /([a-z-]+)\s*\(/gi;
const ALLOWED_FUNCTIONS = new Set(["rgb", "rgba", "hsl", "hsla", "calc"]);

/** The declarations of a style attribute that are harmless, in order. */
export function safeStyle(style: string): string {
  const safe: string[] = [];
  for (const declaration of style.slice(0, 10_000).split(";")) {
    const colon = declaration.indexOf(":");
    const property = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration.slice(colon + 1).trim();
    if (colon > 0 && value !== "" && PROPERTIES.test(property) && isHarmless(property, value))
      safe.push(`${property}:${value}`);
  }
  return safe.join(";");
}

function isHarmless(property: string, value: string): boolean {
  if (FORBIDDEN_VALUE.test(value)) return false;
  if (property.startsWith("margin") && value.includes("-")) return false; // a negative margin leaves the box
  return [...value.matchAll(FUNCTIONS)].every(([, name]) => ALLOWED_FUNCTIONS.has(name?.toLowerCase() ?? ""));
}

/** Whether nobody sees what stands in an element of this style. */
export const hides = (style: string) =>
  /(?:^|;)\s*(?:display\s*:\s*none|opacity\s*:\s*[0.]+(?:%|\s|;|!|$))/i.test(style);
