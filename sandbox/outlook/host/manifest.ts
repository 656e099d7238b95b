import { XMLParser } from "fast-xml-parser";
import { z } from "zod";

/** Something of the add-in that Outlook shows as a button. */
export type Command = {
  id: string;
  surface: string;
  group: string;
  label: string;
  tip: string;
  icon: string;
  action: { kind: "pane"; url: string; pinnable: boolean } | { kind: "function"; name: string; url: string };
};

/** A function of the add-in that Outlook calls when something happens. */
export type EventFunction = {
  event: string;
  name: string;
  url: string;
  sendMode?: "PromptUser" | "SoftBlock" | "Block";
};

/** What Outlook knows of an add-in: everything of it is read from the manifest, nothing is listed a second time. */
export type AddIn = {
  id: string;
  version: string;
  name: string;
  permission: "Restricted" | "ReadItem" | "ReadWriteItem" | "ReadWriteMailbox";
  sharedFolders: boolean;
  appDomains: string[];
  /** The app registration that the add-in signs in with. */
  application: { clientId: string; resource: string } | null;
  commands: Command[];
  eventFunctions: EventFunction[];
};

type Element = { name: string; attributes: Record<string, string>; children: Element[]; text: string };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

/** Reads a manifest as Outlook does: the newest VersionOverrides wins, texts in the language asked for. */
export function readManifest(xml: string, locale = "en-US"): AddIn {
  const app = child(elements(parser.parse(xml)), "OfficeApp");
  const overrides = newestOverrides(app);
  const texts = resources(overrides, locale);
  const formFactor = find(overrides, "Hosts", "Host", "DesktopFormFactor");
  const functionFile = texts(formFactor && find(formFactor, "FunctionFile"));
  const points = formFactor ? formFactor.children.filter((each) => each.name === "ExtensionPoint") : [];
  const application = find(overrides, "WebApplicationInfo");

  return {
    id: textOf(app, "Id"),
    version: textOf(app, "Version"),
    name: localized(child(app.children, "DisplayName"), locale),
    permission: z
      .enum(["Restricted", "ReadItem", "ReadWriteItem", "ReadWriteMailbox"])
      .parse(textOf(app, "Permissions") || "Restricted"),
    sharedFolders: (formFactor && find(formFactor, "SupportsSharedFolders")?.text) === "true",
    appDomains: (find(app, "AppDomains")?.children ?? []).map((each) => each.text),
    application: application
      ? { clientId: textOf(application, "Id"), resource: textOf(application, "Resource") }
      : null,
    commands: points.flatMap((point) => commandsOf(point, texts, functionFile)),
    eventFunctions: points.flatMap((point) => eventFunctionsOf(point, texts)),
  };
}

function commandsOf(point: Element, texts: Texts, functionFile: string): Command[] {
  const surface = point.attributes.type ?? "";
  return descendants(point, "Group").flatMap((group) =>
    group.children
      .filter((each) => each.name === "Control" && each.attributes.type === "Button")
      .map((control) => ({
        id: control.attributes.id ?? "",
        surface,
        group: texts(find(group, "Label")),
        label: texts(find(control, "Label")),
        tip: texts(find(control, "Supertip", "Description")),
        icon: texts(largestIcon(control)),
        action: actionOf(child(control.children, "Action"), texts, functionFile),
      })),
  );
}

function actionOf(action: Element, texts: Texts, functionFile: string): Command["action"] {
  return action.attributes.type === "ExecuteFunction"
    ? { kind: "function", name: textOf(action, "FunctionName"), url: functionFile }
    : {
        kind: "pane",
        url: texts(find(action, "SourceLocation")),
        pinnable: find(action, "SupportsPinning")?.text === "true",
      };
}

function eventFunctionsOf(point: Element, texts: Texts): EventFunction[] {
  const url = texts(find(point, "SourceLocation"));
  return descendants(point, "LaunchEvent").map(({ attributes }) => ({
    event: attributes.Type ?? "",
    name: attributes.FunctionName ?? "",
    url,
    sendMode: z.enum(["PromptUser", "SoftBlock", "Block"]).optional().parse(attributes.SendMode),
  }));
}

function largestIcon(control: Element) {
  return descendants(control, "Image").sort((a, b) => Number(b.attributes.size) - Number(a.attributes.size))[0];
}

/** Overrides are nested, the newer in the older. */
function newestOverrides(app: Element): Element {
  const inner = app.children.find((each) => each.name === "VersionOverrides");
  return inner ? newestOverrides(inner) : app;
}

type Texts = (reference: Element | undefined) => string;

function resources(overrides: Element, locale: string): Texts {
  const entries = (find(overrides, "Resources")?.children ?? []).flatMap((kind) => kind.children);
  const byId = new Map(entries.map((entry) => [entry.attributes.id, localized(entry, locale)]));
  return (reference) => byId.get(reference?.attributes.resid) ?? "";
}

function localized(element: Element, locale: string): string {
  const override = element.children.find((each) => each.attributes.Locale?.toLowerCase() === locale.toLowerCase());
  return override?.attributes.Value ?? element.attributes.DefaultValue ?? "";
}

function elements(nodes: unknown): Element[] {
  return Nodes.parse(nodes).flatMap((node) =>
    Object.entries(node)
      .filter(([name]) => name !== ":@" && name !== "#text" && !name.startsWith("?"))
      .map(([name, children]) => ({
        name,
        attributes: Attributes.parse(node[":@"] ?? {}),
        children: elements(children),
        text: Nodes.parse(children)
          .map((each) => each["#text"] ?? "")
          .join("")
          .trim(),
      })),
  );
}

const Nodes = z.array(z.record(z.string(), z.unknown()));
const Attributes = z.record(z.string(), z.string());

function child(siblings: Element[], name: string): Element {
  const found = siblings.find((each) => each.name === name);
  if (!found)
    throw new Error(`The manifest has no <${name}>. Run \`node addin/manifest/check.ts\` to see what is missing.`);
  return found;
}

const textOf = (parent: Element, name: string) => find(parent, name)?.text ?? "";

function find(from: Element, ...path: string[]): Element | undefined {
  return path.reduce<Element | undefined>((at, name) => at?.children.find((each) => each.name === name), from);
}

function descendants(from: Element, name: string): Element[] {
  return from.children.flatMap((each) => [...(each.name === name ? [each] : []), ...descendants(each, name)]);
}
