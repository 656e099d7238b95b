import { all, child, type Element, named } from "./tree.ts";

type Rule = (root: Element) => string[];

/** What Outlook and its administrators hold against a manifest that the order of elements does not show. */
export const rules: Rule[] = [
  isMailApp,
  hasIdentity,
  hasVersion,
  overridesAreNested,
  needsAMailbox,
  asksForLittle,
  addressesAreHttps,
  domainsAreListed,
  resourcesExist,
  resourcesAreUsed,
  idsAreUnique,
  iconsHaveTheirSizes,
  textsAreShort,
  localesAreLocales,
  eventsAreKnown,
  signsInAsOneApp,
];

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function isMailApp(root: Element) {
  return root.name === "OfficeApp" &&
    root.type === "MailApp" &&
    root.attributes.xmlns === "http://schemas.microsoft.com/office/appforoffice/1.1"
    ? []
    : ["The manifest must be an <OfficeApp> of xsi:type MailApp in the namespace …/office/appforoffice/1.1."];
}

function hasIdentity(root: Element) {
  const id = child(root, "Id")?.text ?? "";
  return uuid.test(id)
    ? []
    : [`OfficeApp > Id: “${id}” is no GUID. It must stay the same for ever: administrators deploy by it.`];
}

/** Up to four numbers of five digits; Outlook updates an add-in only when this grows. */
function hasVersion(root: Element) {
  const version = child(root, "Version")?.text ?? "";
  return /^\d{1,5}(\.\d{1,5}){0,3}$/.test(version)
    ? []
    : [`OfficeApp > Version: “${version}” is no version. Write up to four numbers with dots between, such as 1.0.0.0.`];
}

const overridesNamespace: Record<string, string> = {
  VersionOverridesV1_0: "http://schemas.microsoft.com/office/mailappversionoverrides",
  VersionOverridesV1_1: "http://schemas.microsoft.com/office/mailappversionoverrides/1.1",
};

/** Older Outlooks read 1.0 and stop; 1.1 is inside it for those that can more. */
function overridesAreNested(root: Element) {
  const outer = child(root, "VersionOverrides");
  const inner = child(outer, "VersionOverrides");
  return [
    ...(outer?.type === "VersionOverridesV1_0" && inner?.type === "VersionOverridesV1_1"
      ? []
      : ["VersionOverridesV1_1 must be inside VersionOverridesV1_0: pinning and shared folders exist only there."]),
    ...[outer, inner].flatMap((each) =>
      each && each.attributes.xmlns !== overridesNamespace[each.type]
        ? [`${each.path}: its xmlns must be ${overridesNamespace[each.type]}.`]
        : [],
    ),
    ...(child(child(child(outer, "Hosts"), "Host"), "DesktopFormFactor")?.children ?? []).flatMap(({ name, path }) =>
      name === "SupportsSharedFolders" ? [`${path} exists only in VersionOverridesV1_1.`] : [],
    ),
  ];
}

function needsAMailbox(root: Element) {
  const host = child(child(root, "Hosts"), "Host")?.attributes.Name;
  const set = named(root, "Set").find((each) => each.attributes.Name === "Mailbox");
  return [
    ...(host === "Mailbox" ? [] : ["OfficeApp > Hosts: the host of a mail add-in is Mailbox."]),
    ...(set ? [] : ["OfficeApp > Requirements: the set Mailbox is missing."]),
    ...named(root, "Set").flatMap(({ path, attributes }) =>
      attributes.MinVersion && !/^\d{1,5}\.\d{1,5}$/.test(attributes.MinVersion)
        ? [`${path}: “${attributes.MinVersion}” is no version of a requirement set. Write two numbers, such as 1.5.`]
        : [],
    ),
  ];
}

const permissions = ["Restricted", "ReadItem", "ReadWriteItem", "ReadWriteMailbox"];

function asksForLittle(root: Element) {
  const permission = child(root, "Permissions")?.text ?? "Restricted";
  if (!permissions.includes(permission)) {
    return [`OfficeApp > Permissions: “${permission}” is none of ${permissions.join(", ")}.`];
  }
  return permission === "ReadWriteMailbox"
    ? [
        "OfficeApp > Permissions: ReadWriteMailbox is more than the add-in uses; administrators refuse it. ReadWriteItem is enough.",
      ]
    : [];
}

const addresses = ["IconUrl", "HighResolutionIconUrl", "SupportUrl", "SourceLocation", "Image", "Url"];

const addressesIn = (root: Element) =>
  all(root).flatMap((each) => {
    if (each.name === "AppDomain") return [{ path: each.path, address: each.text }];
    if (!addresses.includes(each.name) || each.attributes.DefaultValue === undefined) return [];
    const overrides = each.children
      .filter(({ name }) => name === "Override")
      .map(({ attributes }) => attributes.Value ?? "");
    return [each.attributes.DefaultValue, ...overrides].map((address) => ({ path: each.path, address }));
  });

function addressesAreHttps(root: Element) {
  return addressesIn(root).flatMap(({ path, address }) =>
    URL.parse(address)?.protocol === "https:" ? [] : [`${path}: “${address}” must be an https address.`],
  );
}

/** Outlook opens pages of other origins outside the pane. */
function domainsAreListed(root: Element) {
  const listed = named(root, "AppDomain").map(({ text }) => URL.parse(text)?.origin);
  return addressesIn(root).flatMap(({ path, address }) => {
    const origin = URL.parse(address)?.origin;
    return origin === undefined || listed.includes(origin) ? [] : [`${path}: ${origin} is not among the AppDomains.`];
  });
}

/** Which kind of resource an element refers to by its resid. */
const refersTo: Record<string, string> = {
  Label: "ShortStrings",
  Title: "ShortStrings",
  Tooltip: "ShortStrings",
  Description: "LongStrings",
  Image: "Images",
  SourceLocation: "Urls",
  FunctionFile: "Urls",
  Runtime: "Urls",
  Override: "Urls",
};

const overridesIn = (root: Element) => named(root, "VersionOverrides");

/** Its own resources: the inner overrides have theirs. */
const resourcesOf = (overrides: Element) =>
  child(overrides, "Resources")?.children.flatMap((kind) => kind.children) ?? [];

const referencesIn = (overrides: Element) =>
  overrides.children
    .filter(({ name }) => name !== "VersionOverrides")
    .flatMap(all)
    .filter(({ attributes }) => attributes.resid !== undefined);

function resourcesExist(root: Element) {
  return overridesIn(root).flatMap((overrides) =>
    referencesIn(overrides).flatMap(({ name, path, attributes }) => {
      const kind = refersTo[name] ?? "";
      const kinds = child(overrides, "Resources");
      if (child(kinds, kind)?.children.some((each) => each.attributes.id === attributes.resid)) return [];
      const elsewhere = kinds?.children.find((each) =>
        each.children.some((one) => one.attributes.id === attributes.resid),
      );
      return elsewhere
        ? [`${path}: the resource “${attributes.resid}” is among <${elsewhere.name}>, but belongs into <${kind}>.`]
        : [`${path}: there is no resource “${attributes.resid}” in <${kind}> of ${overrides.type}.`];
    }),
  );
}

function resourcesAreUsed(root: Element) {
  return overridesIn(root).flatMap((overrides) => {
    const used = new Set(referencesIn(overrides).map(({ attributes }) => attributes.resid));
    return resourcesOf(overrides).flatMap(({ path, attributes }) =>
      used.has(attributes.id) ? [] : [`${path}: nothing refers to this resource. Remove it.`],
    );
  });
}

function idsAreUnique(root: Element) {
  return overridesIn(root).flatMap((overrides) => {
    const inside = overrides.children.filter(({ name }) => name !== "VersionOverrides").flatMap(all);
    // A tab's id is Outlook's own (TabDefault) and stands at every surface.
    const marked = inside.filter(({ name, attributes }) => attributes.id !== undefined && name !== "OfficeTab");
    return marked.flatMap((each, index) =>
      marked.findIndex(({ attributes }) => attributes.id === each.attributes.id) < index
        ? [`${each.path}: the id “${each.attributes.id}” is taken in ${overrides.type}.`]
        : [],
    );
  });
}

/** Outlook's buttons need these three; the store's icon is 64 and 128 pixels wide (learn.microsoft.com/office/dev/add-ins/develop/icons). */
const iconSizes = ["16", "32", "80"];

function iconsHaveTheirSizes(root: Element) {
  const sizes = named(root, "Icon").flatMap((icon) => {
    const given = icon.children.map(({ attributes }) => attributes.size);
    return iconSizes
      .filter((size) => !given.includes(size))
      .map((size) => `${icon.path}: the icon of ${size} pixels is missing.`);
  });
  const names = [
    ...[...named(root, "Image")]
      .filter(({ attributes }) => attributes.resid)
      .map((image) => ({
        path: image.path,
        size: image.attributes.size ?? "",
        address: addressOfImage(root, image),
      })),
    { path: "OfficeApp > IconUrl", size: "64", address: child(root, "IconUrl")?.attributes.DefaultValue },
    {
      path: "OfficeApp > HighResolutionIconUrl",
      size: "128",
      address: child(root, "HighResolutionIconUrl")?.attributes.DefaultValue,
    },
  ];
  const files = names.flatMap(({ path, size, address }) =>
    address?.endsWith(`-${size}.png`)
      ? []
      : [`${path}: an icon of ${size} pixels is expected, a file whose name ends with -${size}.png.`],
  );
  return [...sizes, ...files];
}

function addressOfImage(root: Element, image: Element) {
  const resources = overridesIn(root).flatMap(resourcesOf);
  return resources.find(({ attributes }) => attributes.id === image.attributes.resid)?.attributes.DefaultValue;
}

/** ShortString and LongString of the schema; a reference has at most 32 characters. */
const longest: Record<string, number> = {
  ProviderName: 125,
  DisplayName: 125,
  Description: 250,
  ShortStrings: 125,
  LongStrings: 250,
};

function textsAreShort(root: Element) {
  const places = [
    ...root.children,
    ...overridesIn(root).flatMap((overrides) =>
      (child(overrides, "Resources")?.children ?? []).flatMap((kind) =>
        kind.children.map((each) => ({ ...each, name: kind.name })),
      ),
    ),
  ];
  const texts = places.flatMap(({ name, path, text, attributes, children }) =>
    [text, attributes.DefaultValue, ...children.map((each) => each.attributes.Value)]
      .filter((each) => each !== undefined)
      .filter((each) => each.length > (longest[name] ?? Number.POSITIVE_INFINITY))
      .map(
        (each) =>
          `${path}: the text has ${each.length} characters, but ${longest[name]} is the most: “${each.slice(0, 30)}…”.`,
      ),
  );
  const empty = places.flatMap(({ path, attributes }) =>
    attributes.DefaultValue?.trim() === "" ? [`${path}: the text is empty.`] : [],
  );
  const ids = all(root).flatMap(({ path, attributes }) =>
    (attributes.resid?.length ?? 0) > 32 ? [`${path}: a resid has at most 32 characters.`] : [],
  );
  return [...texts, ...empty, ...ids];
}

function localesAreLocales(root: Element) {
  const locale = /^[a-z]{2,3}(-[A-Z]{2})?$/;
  return [
    ...named(root, "Override").filter(({ attributes }) => attributes.Locale !== undefined),
    ...named(root, "DefaultLocale"),
  ].flatMap(({ path, text, attributes }) => {
    const given = attributes.Locale ?? text;
    return locale.test(given) ? [] : [`${path}: “${given}” is no locale. Write language and country, such as de-DE.`];
  });
}

const sendModes = ["PromptUser", "SoftBlock", "Block"];

function eventsAreKnown(root: Element) {
  return named(root, "LaunchEvent").flatMap(({ path, attributes }) => [
    ...(/^On[A-Z]\w+$/.test(attributes.Type ?? "")
      ? []
      : [`${path}: “${attributes.Type ?? ""}” is no event. They begin with On, such as OnMessageSend.`]),
    ...(attributes.FunctionName ? [] : [`${path}: FunctionName is missing.`]),
    ...(attributes.SendMode === undefined || sendModes.includes(attributes.SendMode)
      ? []
      : [`${path}: the SendMode “${attributes.SendMode}” is none of ${sendModes.join(", ")}.`]),
  ]);
}

/** The pane's tokens are for the app registration that the manifest names. */
function signsInAsOneApp(root: Element) {
  return named(root, "WebApplicationInfo").flatMap((info) => {
    const id = child(info, "Id")?.text ?? "";
    const resource = child(info, "Resource")?.text ?? "";
    return [
      ...(uuid.test(id) ? [] : [`${info.path} > Id: “${id}” is no application id.`]),
      ...(resource.startsWith("api://") && resource.endsWith(id)
        ? []
        : [`${info.path} > Resource: “${resource}” must be the application's own, api://…/${id}.`]),
    ];
  });
}
