import { colours } from "../../addin/ticket/visibility.ts";

/** Fluent's ground of the pane: `colorNeutralBackground1` of webLightTheme and webDarkTheme. */
const pane = { light: "#ffffff", dark: "#292929" } as const;

const cases = (["light", "dark"] as const).flatMap((theme) =>
  (["internal", "customer"] as const).map((side) => ({ theme, side, ...colours[theme][side] })),
);

test.each(cases)("$side in the $theme theme can be read by people who see little", ({ theme, ground, text, edge }) => {
  expect(contrast(text, ground)).toBeGreaterThanOrEqual(7);
  expect(contrast(edge, pane[theme])).toBeGreaterThanOrEqual(3);
});

test.each(["light", "dark"] as const)("the words on the customer's button can be read in the %s theme", (theme) => {
  const words = { light: "#ffffff", dark: "#04140f" }[theme];
  expect(contrast(words, colours[theme].customer.edge)).toBeGreaterThanOrEqual(4.5);
});

/** WCAG 2.2: contrast ratio and relative luminance. */
function contrast(one: string, other: string) {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
