/** What the editor can make; everything else becomes its text. */
const tags = new Set(["P", "DIV", "BR", "B", "STRONG", "I", "EM", "U", "UL", "OL", "LI", "A", "BLOCKQUOTE"]);

/**
 * The words as the editor may hold them. They come from this agent's own typing or back from the desk, so this is the second
 * wall: the desk makes safe whatever it is sent.
 */
export function cleanWords(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  const clean = document.implementation.createHTMLDocument();
  copy(page.body, clean.body);
  return clean.body.innerHTML;
}

function copy(from: Node, to: HTMLElement) {
  for (const node of from.childNodes) {
    if (node instanceof Text || node.nodeType === Node.TEXT_NODE) to.append(node.textContent ?? "");
    else if (isElement(node) && !["SCRIPT", "STYLE"].includes(node.tagName)) copyElement(node, to);
  }
}

function copyElement(element: Element, to: HTMLElement) {
  if (!tags.has(element.tagName)) return copy(element, to);
  const made = to.ownerDocument.createElement(element.tagName);
  const href = element.getAttribute("href");
  if (element.tagName === "A" && href && isSafeLink(href)) made.setAttribute("href", href);
  copy(element, made);
  to.append(made);
}

const isElement = (node: Node): node is Element => node.nodeType === Node.ELEMENT_NODE;

export const isSafeLink = (href: string) => /^(https?:\/\/|mailto:)/i.test(href.trim());

/** Whether there is anything to read. */
export const isBlank = (html: string) =>
  (new DOMParser().parseFromString(html, "text/html").body.textContent ?? "").trim() === "";
