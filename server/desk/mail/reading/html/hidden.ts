import { hides } from "../safe-style.ts";

type Attributes = Record<string, string | undefined>;

/** More of a page's own style is no mail's; the rest of it hides nothing. */
const MAX_STYLE = 200_000;

/** `.name` and `#name` that the page's own style hides on every screen: rules inside `@media` are about some only. */
export function hiddenNames(html: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [selectors, style] of topRules(stylesOf(html)))
    if (hides(style))
      for (const selector of selectors.split(",")) {
        const name = /^[a-z0-9]{0,20}([.#][\w-]{1,100})$/i.exec(selector.trim())?.[1];
        if (name) names.add(name.toLowerCase());
      }
  return names;
}

function stylesOf(html: string): string {
  const lower = html.toLowerCase();
  let css = "";
  for (let at = lower.indexOf("<style"); at >= 0 && css.length < MAX_STYLE; at = lower.indexOf("<style", at)) {
    const start = lower.indexOf(">", at) + 1;
    const end = lower.indexOf("</style", at);
    if (start === 0 || end < start) break;
    css += html.slice(start, end);
    at = end;
  }
  return css.slice(0, MAX_STYLE).replace(/<!--|-->/g, "");
}

function topRules(css: string): [selectors: string, style: string][] {
  const rules: [string, string][] = [];
  let [depth, start, selectors] = [0, 0, ""];
  for (const { index, 0: sign } of css.matchAll(/[{}]|\/\*/g)) {
    if (sign === "/*") continue;
    if (sign === "{" && depth++ === 0) [selectors, start] = [css.slice(start, index), index + 1];
    if (sign === "}" && depth > 0 && --depth === 0) {
      if (!selectors.includes("@"))
        rules.push([selectors.replace(/\/\*.{0,1000}?\*\//gs, ""), css.slice(start, index)]);
      start = index + 1;
    }
  }
  return rules;
}

/** Whether nobody sees an element: by its attribute, its own style, or a name that the page hides. */
export function isHidden(attributes: Attributes, names: ReadonlySet<string>): boolean {
  const { hidden, style = "", class: classes = "", id = "" } = attributes;
  if (hidden !== undefined || hides(style) || isWithoutRoom(style)) return true;
  if (names.size === 0 || /(?:^|;)\s*display\s*:/i.test(style)) return false;
  return (
    names.has(`#${id.toLowerCase()}`) ||
    classes
      .toLowerCase()
      .split(/\s+/)
      .some((name) => names.has(`.${name}`))
  );
}

const NO_SIZE = /(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:;|$)/i;
const CUT = /(?:^|;)\s*overflow\s*:\s*hidden/i;
const UNSEEN = /(?:^|;)\s*visibility\s*:\s*(?:hidden|collapse)/i;

/** The text that newsletters show in the list of mails only: no height and cut off, or taken from view. */
const isWithoutRoom = (style: string) => UNSEEN.test(style) || (NO_SIZE.test(style) && CUT.test(style));
