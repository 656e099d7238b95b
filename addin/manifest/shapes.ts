import { all, type Element } from "./tree.ts";

/**
 * Which elements may be in which, in what order, and how often: `?` at most once, `+` at least once, `*` any number.
 * From the schemas of [MS-OWEMXML] (learn.microsoft.com/openspecs/office_file_formats/ms-owemxml), appendix A:
 * OfficeAppManifestV1_1, MailAppVersionOverridesV1_0 and V1_1. A name with @ is an element of that xsi:type.
 */
const shapes: Record<string, string> = {
  "OfficeApp@MailApp":
    "Id AlternateId? Version ProviderName DefaultLocale DisplayName Description IconUrl? HighResolutionIconUrl? SupportUrl? AppDomains? Hosts? Requirements FormSettings Permissions? Rule DisableEntityHighlighting? VersionOverrides?",
  "VersionOverrides@VersionOverridesV1_0": "Description? Requirements? Hosts? Resources? VersionOverrides?",
  "VersionOverrides@VersionOverridesV1_1":
    "Description? Requirements? Hosts? Resources? WebApplicationInfo? EquivalentAddins? ExtendedPermissions? VersionOverrides?",
  AppDomains: "AppDomain+",
  Hosts: "Host+",
  "Host@MailHost": "Runtimes? DesktopFormFactor? MobileFormFactor?",
  Runtimes: "Runtime+",
  Runtime: "Override?",
  DesktopFormFactor: "SupportsSharedFolders? FunctionFile? ExtensionPoint+",
  MobileFormFactor: "FunctionFile? ExtensionPoint+",
  "ExtensionPoint@MessageReadCommandSurface": "OfficeTab* CustomTab*",
  "ExtensionPoint@MessageComposeCommandSurface": "OfficeTab* CustomTab*",
  "ExtensionPoint@AppointmentOrganizerCommandSurface": "OfficeTab* CustomTab*",
  "ExtensionPoint@AppointmentAttendeeCommandSurface": "OfficeTab* CustomTab*",
  "ExtensionPoint@MobileMessageReadCommandSurface": "Group",
  "ExtensionPoint@LaunchEvent": "LaunchEvents SourceLocation",
  LaunchEvents: "LaunchEvent+",
  OfficeTab: "Group+",
  CustomTab: "Group+ Label",
  Group: "Label Tooltip? Control+",
  "Control@Button": "Label Tooltip? Supertip Icon Action",
  "Control@Menu": "Label Tooltip? Supertip Icon Items",
  "Control@MobileButton": "Label Icon Action",
  Items: "Item+",
  Item: "Label Tooltip? Supertip Icon? Action",
  Supertip: "Title Description",
  Icon: "Image+",
  "Action@ShowTaskpane": "SourceLocation SupportsPinning?",
  "Action@ExecuteFunction": "FunctionName",
  Resources: "Images? Urls? ShortStrings? LongStrings?",
  Images: "Image*",
  Urls: "Url*",
  ShortStrings: "String*",
  LongStrings: "String*",
  Requirements: "Sets",
  Sets: "Set+",
  FormSettings: "Form+",
  "Form@ItemRead": "DesktopSettings TabletSettings? PhoneSettings?",
  "Form@ItemEdit": "DesktopSettings TabletSettings? PhoneSettings?",
  DesktopSettings: "SourceLocation RequestedHeight?",
  TabletSettings: "SourceLocation RequestedHeight?",
  PhoneSettings: "SourceLocation",
  WebApplicationInfo: "Id Resource Scopes",
  Scopes: "Scope+",
};

/** Elements of which each kind is told apart by xsi:type; without it Outlook does not know what they are. */
const typed = ["OfficeApp", "VersionOverrides", "ExtensionPoint", "Control", "Action", "Form", "Rule"];

type Slot = { name: string; least: 0 | 1; most: 1 | typeof Number.POSITIVE_INFINITY };

/** What stands where it must not, or is missing. */
export function shapeMistakes(root: Element): string[] {
  return all(root).flatMap((element) => {
    // The manifest's own <Hosts> names Mailbox; the overrides' say MailHost and have something inside.
    if (element.name === "Host" && element.attributes.Name) return [];
    if (typed.includes(element.name) && !element.type) return [`${element.path} needs an xsi:type.`];
    const shape = shapes[element.type ? `${element.name}@${element.type}` : element.name] ?? shapes[element.name];
    if (shape === undefined) {
      return knownWithOtherType(element)
        ? [`${element.path}: the xsi:type ${element.type} is not known to Outlook.`]
        : [];
    }
    return mistakesIn(element, shape.split(" ").map(slotOf));
  });
}

function mistakesIn(element: Element, slots: Slot[]): string[] {
  const mistakes: string[] = [];
  let reached = 0;
  for (const { name } of element.children) {
    const at = slots.findIndex((slot) => slot.name === name);
    if (at < 0) mistakes.push(`${element.path}: <${name}> does not belong here.`);
    else if (at < reached) mistakes.push(`${element.path}: <${name}> must come before <${slots[reached]?.name}>.`);
    else reached = at;
  }
  for (const { name, least, most } of slots) {
    const count = element.children.filter((each) => each.name === name).length;
    if (count < least) mistakes.push(`${element.path}: <${name}> is missing.`);
    if (count > most) mistakes.push(`${element.path}: <${name}> may be here only once.`);
  }
  return mistakes;
}

const slotOf = (word: string): Slot => ({
  name: word.replace(/[?+*]$/, ""),
  least: /[?*]$/.test(word) ? 0 : 1,
  most: /[+*]$/.test(word) ? Number.POSITIVE_INFINITY : 1,
});

const knownWithOtherType = ({ name }: Element) => Object.keys(shapes).some((each) => each.startsWith(`${name}@`));
