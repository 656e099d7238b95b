import { makeStyles, shorthands, tokens } from "@fluentui/react-components";

/**
 * The only colours of our own: inside is warm and stands at the left edge, the customer's side is green and stands at the
 * right edge, as in the kitchen and the dining room of a service hatch. Words and icons say the same without colour.
 * Text on its ground has a contrast of at least 7:1, edges against the pane at least 3:1 (WCAG 2.2, 1.4.6 and 1.4.11);
 * test/pane/visibility-colours.test.ts measures it.
 */
export const colours = {
  light: {
    internal: { ground: "#fff6db", text: "#4d3800", edge: "#a17600" },
    customer: { ground: "#dff4ec", text: "#06402f", edge: "#0b7a5a" },
  },
  dark: {
    internal: { ground: "#3a2e07", text: "#ffe7a3", edge: "#d6a41c" },
    customer: { ground: "#0b3a2e", text: "#b5f0dc", edge: "#35b98f" },
  },
} as const;

export type Side = "internal" | "customer";

const of = (side: Side, part: "ground" | "text" | "edge") =>
  `light-dark(${colours.light[side][part]}, ${colours.dark[side][part]})`;

const card = {
  borderRadius: tokens.borderRadiusMedium,
  border: `1px solid ${tokens.colorNeutralStroke2}`,
  backgroundColor: tokens.colorNeutralBackground1,
  minWidth: 0,
} as const;

/** Griffel turns left and right around where one reads from the right. `…Card` is an entry or the composer, `…Band` the line in it that says who sees it. */
export const useVisibility = makeStyles({
  internalCard: { ...card, ...shorthands.borderLeft("4px", "solid", of("internal", "edge")), marginRight: "12px" },
  customerCard: { ...card, ...shorthands.borderRight("4px", "solid", of("customer", "edge")), marginLeft: "12px" },
  internalBand: { backgroundColor: of("internal", "ground"), color: of("internal", "text") },
  customerBand: {
    backgroundColor: of("customer", "ground"),
    color: of("customer", "text"),
    flexDirection: "row-reverse",
    // The eye stays at the customer's edge; the words begin where all words begin.
    "& > span": { flexGrow: 1 },
  },
  customerSide: { backgroundColor: of("customer", "ground"), color: of("customer", "text") },
  band: {
    display: "flex",
    alignItems: "flex-start",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    "& svg": { fontSize: "16px", flexShrink: 0 },
  },
  strong: { fontWeight: tokens.fontWeightSemibold },
  customerButton: {
    backgroundColor: of("customer", "edge"),
    color: "light-dark(#ffffff, #04140f)",
    ":hover": { backgroundColor: of("customer", "text"), color: of("customer", "ground") },
    ":hover:active": { backgroundColor: of("customer", "text"), color: of("customer", "ground") },
  },
  internalButton: {
    backgroundColor: of("internal", "ground"),
    color: of("internal", "text"),
    border: `1px solid ${of("internal", "edge")}`,
    ":hover": {
      backgroundColor: of("internal", "ground"),
      color: of("internal", "text"),
      textDecorationLine: "underline",
    },
    ":hover:active": { backgroundColor: of("internal", "ground"), color: of("internal", "text") },
  },
});
