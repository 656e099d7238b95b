import { type ChildNode, type Document, Element, isTag, isText, type ParentNode } from "domhandler";
import { parseDocument } from "htmlparser2";

export { type ChildNode, type Document, Element, isTag, isText, type ParentNode };

/** Reads HTML that was made safe before, once; quotes, text and pieces are taken from the tree. */
export const readHtml = (html: string): Document => parseDocument(html);

const BLOCKS = new Set(
  "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split(
    " ",
  ),
);
const SILENT = new Set(["script", "style", "head", "title", "noscript", "template", "textarea", "select", "xml"]);

export const isBlock = (element: Element) => BLOCKS.has(element.name);

/** The words of a tree, laid out in lines as a reader sees them. */
export function textOf(nodes: readonly ChildNode[]): string {
  const writer = new TextWriter();
  for (const node of nodes) writer.write(node, 0, false);
  return writer.finish();
}

/** Deeper than this no writer nests; it keeps the stack safe from hostile mail. */
const MAX_DEPTH = 400;

class TextWriter {
  private readonly out: string[] = [];
  private line = "";
  private pendingSpace = false;

  write(node: ChildNode, depth: number, keepBlanks: boolean): void {
    if (isText(node)) this.words(node.data, keepBlanks);
    else if (isTag(node) && !SILENT.has(node.name) && depth < MAX_DEPTH) this.element(node, depth, keepBlanks);
  }

  private element(element: Element, depth: number, keepBlanks: boolean): void {
    const { name } = element;
    if (name === "br") this.newLine();
    else if (name === "hr") this.paragraph();
    else if (name === "img") this.words(element.attribs.alt ?? "", false);
    else this.container(element, depth, keepBlanks);
  }

  private container(element: Element, depth: number, keepBlanks: boolean): void {
    const { name } = element;
    const block = isBlock(element);
    if (block) this.startLine();
    const gap =
      name === "p" || name === "ul" || name === "ol" || name === "table" || name === "blockquote" || /^h\d$/.test(name);
    if (gap && name !== "p") this.paragraph();
    if (name === "li") this.words("- ", true);
    for (const child of element.children) this.write(child, depth + 1, keepBlanks || name === "pre");
    if (name === "td" || name === "th") this.pendingSpace = true;
    if (block) this.startLine();
    if (gap) this.paragraph();
  }

  private words(data: string, keepBlanks: boolean): void {
    if (keepBlanks) {
      for (const [i, piece] of data.split(/\r?\n/).entries()) {
        if (i > 0) this.newLine();
        this.line += piece;
      }
      return;
    }
    const text = data.replace(/[ \t\r\n\f]+/g, " ");
    if (text === "" || text === " ") {
      this.pendingSpace ||= text === " ";
      return;
    }
    if ((this.pendingSpace || text.startsWith(" ")) && this.line !== "" && !this.line.endsWith(" ")) this.line += " ";
    this.line += text.trim();
    this.pendingSpace = text.endsWith(" ");
  }

  private newLine(): void {
    this.out.push(this.line.trimEnd());
    this.line = "";
    this.pendingSpace = false;
  }

  private startLine(): void {
    if (this.line.trim() !== "") this.newLine();
    this.pendingSpace = false;
  }

  private paragraph(): void {
    this.startLine();
    if (this.out.length > 0 && this.out.at(-1) !== "") this.out.push("");
  }

  finish(): string {
    this.startLine();
    return this.out
      .join("\n")
      .replaceAll("\u00a0", " ")
      .replace(/\n{3,}/g, "\n\n")
      .trim();
  }
}
