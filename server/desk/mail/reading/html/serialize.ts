import { type ChildNode, isTag, isText } from "domhandler";
import { escapeHtml } from "./escape.ts";

const VOID = new Set(["area", "br", "col", "hr", "img", "input", "wbr"]);

/** The tree as HTML with those leaves only that are kept, and with the elements around them. */
export function serializeKept(nodes: readonly ChildNode[], isKept: (leaf: ChildNode) => boolean): string {
  let html = "";
  for (const node of nodes) {
    if (isText(node)) html += isKept(node) ? escapeHtml(node.data) : "";
    else if (isTag(node)) {
      const attributes = Object.entries(node.attribs)
        .filter(([name]) => name !== "data-quote")
        .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
        .join("");
      if (VOID.has(node.name)) html += isKept(node) ? `<${node.name}${attributes} />` : "";
      else {
        const inner = serializeKept(node.children, isKept);
        if (inner !== "") html += `<${node.name}${attributes}>${inner}</${node.name}>`;
      }
    }
  }
  return html;
}
