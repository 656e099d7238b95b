import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";

/** An element of the manifest, with the way to it, which is how a sentence names it. */
export type Element = {
  name: string;
  /** `xsi:type`, which says what an element really is. */
  type: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
  path: string;
};

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
});

const Nodes = z.array(z.record(z.string(), z.unknown()));
const Attributes = z.record(z.string(), z.string());

/** The manifest as a tree, or the sentence that says why it is none. */
export function parseTree(xml: string): Element | string {
  const wellFormed = XMLValidator.validate(xml);
  if (wellFormed !== true) return `Line ${wellFormed.err.line}: this is no XML: ${wellFormed.err.msg}`;
  return elements(parser.parse(xml), "")[0] ?? "The file is empty.";
}

function elements(nodes: unknown, parent: string): Element[] {
  return Nodes.parse(nodes).flatMap((node) =>
    Object.entries(node)
      .filter(([tag]) => !/^(:@|#text|\?|!)/.test(tag))
      .map(([tag, inner]) => element(tag, inner, Attributes.parse(node[":@"] ?? {}), parent)),
  );
}

function element(tag: string, inner: unknown, attributes: Record<string, string>, parent: string): Element {
  const name = local(tag);
  const type = attributes["xsi:type"] ?? "";
  const mark = attributes.id ?? attributes.Locale ?? type;
  const path = [parent, mark ? `${name}[${mark}]` : name].filter(Boolean).join(" > ");
  const text = Nodes.parse(inner)
    .map((node) => node["#text"] ?? "")
    .join("")
    .trim();
  return { name, type, attributes, children: elements(inner, path), text, path };
}

const local = (tag: string) => tag.slice(tag.indexOf(":") + 1);

export const all = (from: Element): Element[] => [from, ...from.children.flatMap(all)];

export const named = (from: Element, name: string): Element[] => all(from).filter((each) => each.name === name);

export const child = (from: Element | undefined, name: string): Element | undefined =>
  from?.children.find((each) => each.name === name);
