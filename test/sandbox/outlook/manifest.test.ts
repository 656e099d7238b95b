import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { mistakesIn } from "../../../addin/manifest/check.ts";
import { iconMistakes } from "../../../addin/manifest/icons.ts";
import { forOrigin, manifestFile, manifestFor } from "../../../addin/manifest/manifest.ts";
import { schemaMistakes } from "../../../addin/manifest/schema.ts";
import { readManifest } from "../../../sandbox/outlook/host/manifest.ts";
import { deskApp } from "../../../sandbox/world.ts";

const ours = await readFile(manifestFile, "utf8");

describe("the manifest that administrators deploy", () => {
  test("has no mistake that we know of", async () => {
    expect(mistakesIn(ours)).toEqual([]);
    expect(await iconMistakes(ours)).toEqual([]);
  });

  test("agrees with Microsoft's schemas, where they are to be had", async () => {
    const mistakes = await schemaMistakes(ours);
    if (mistakes === null) process.stdout.write("skipped: Microsoft's manifest schemas are not here\n");
    expect(mistakes ?? []).toEqual([]);
  });

  test("names the app registration that the desk knows", () => {
    const { application } = readManifest(ours);
    expect(application?.clientId).toBe(deskApp.clientId);
    expect(`${application?.resource}/Desk.Use`).toBe(deskApp.scope);
  });

  test("is rewritten for a deployment, and nothing of the sandbox stays in it", async () => {
    const deployed = await manifestFor("https://desk.example.com");
    expect(mistakesIn(deployed)).toEqual([]);
    expect(deployed).toContain('"https://desk.example.com/addin/pane.html"');
    expect(deployed).not.toContain("localhost");
  });

  test.each(["http://desk.example.com", "desk.example.com", "https://desk.example.com/addin", "https://a@b.c", ""])(
    "cannot be deployed at %p, and says what to give instead",
    (origin) => {
      expect(() => forOrigin(ours, origin)).toThrow("is no https origin. Give scheme, host and perhaps a port");
    },
  );
});

/** One thing each that somebody could break, and what the check then says. */
const broken: [what: string, from: string | RegExp, to: string, says: string][] = [
  [
    "two elements change places",
    /(<Version>.*<\/Version>)\s*(<ProviderName>.*<\/ProviderName>)/,
    "$2$1",
    "OfficeApp[MailApp]: <Version> must come before <ProviderName>.",
  ],
  ["a closing tag is lost", "</Permissions>", "", "this is no XML"],
  [
    "the permissions are misspelt",
    "<Permissions>ReadWriteItem",
    "<Permissions>ReadWrite",
    "“ReadWrite” is none of Restricted, ReadItem, ReadWriteItem, ReadWriteMailbox.",
  ],
  [
    "it asks for the whole mailbox",
    "<Permissions>ReadWriteItem",
    "<Permissions>ReadWriteMailbox",
    "ReadWriteMailbox is more than the add-in uses",
  ],
  ["the version has a word in it", "<Version>0.1.0.0", "<Version>0.1-beta", "“0.1-beta” is no version."],
  ["the id is no GUID", /<Id>7c1f5a52-/, "<Id>", "is no GUID"],
  [
    "the pane comes over http",
    '"pane.url" DefaultValue="https',
    '"pane.url" DefaultValue="http',
    "“http://localhost:5444/addin/pane.html” must be an https address.",
  ],
  [
    "a label refers to nothing",
    '<Label resid="ticket.label"',
    '<Label resid="tickets.label"',
    "there is no resource “tickets.label” in <ShortStrings> of VersionOverridesV1_0.",
  ],
  [
    "a label refers to a long text",
    '<Label resid="ticket.label"',
    '<Label resid="ticket.tip"',
    "the resource “ticket.tip” is among <LongStrings>, but belongs into <ShortStrings>.",
  ],
  [
    "a resource is left over",
    '<bt:String id="group.label"',
    '<bt:String id="old.label" DefaultValue="Old" /><bt:String id="group.label"',
    "nothing refers to this resource",
  ],
  [
    "a control's id is its group's",
    'Control xsi:type="Button" id="deskhatch.read.ticket"',
    'Control xsi:type="Button" id="deskhatch.read"',
    "the id “deskhatch.read” is taken",
  ],
  ["an icon size is left out", /<bt:Image size="32" resid="icon.32" \/>/, "", "the icon of 32 pixels is missing."],
  ["an icon is the wrong file", "icon-80.png", "icon-64.png", "an icon of 80 pixels is expected"],
  [
    "a button's text is a paragraph",
    'id="ticket.label" DefaultValue="Ticket"',
    `id="ticket.label" DefaultValue="${"Ticket ".repeat(20)}"`,
    "the text has 139 characters, but 125 is the most",
  ],
  ["the tip is missing", /<Supertip>[\s\S]*?<\/Supertip>/, "", "<Supertip> is missing."],
  [
    "pinning is misspelt",
    "<SupportsPinning>true</SupportsPinning>",
    "<SupportPinning>true</SupportPinning>",
    "<SupportPinning> does not belong here.",
  ],
  [
    "shared folders stand in the old overrides",
    "<DesktopFormFactor>",
    "<DesktopFormFactor><SupportsSharedFolders>true</SupportsSharedFolders>",
    "exists only in VersionOverridesV1_1.",
  ],
  [
    "the surface is unknown",
    "MessageReadCommandSurface",
    "MessageReadSurface",
    "the xsi:type MessageReadSurface is not known to Outlook.",
  ],
  ["the language is written out", 'Locale="de-DE"', 'Locale="German"', "“German” is no locale."],
  [
    "the pane lives on an origin that is not listed",
    "<AppDomain>https://localhost:5444",
    "<AppDomain>https://localhost:1",
    "https://localhost:5444 is not among the AppDomains.",
  ],
  [
    "the token is for another app",
    "<Resource>api://0b54c1de",
    "<Resource>api://11111111",
    "must be the application's own",
  ],
  [
    "the requirement is no version",
    'MinVersion="1.5"',
    'MinVersion="new"',
    "“new” is no version of a requirement set.",
  ],
];

test.each(broken)("the check notices when %s", (_what, from, to, says) => {
  const changed = ours.replace(from, to);
  expect(changed).not.toBe(ours);
  expect(mistakesIn(changed).join("\n")).toContain(says);
});

describe("what Outlook reads from the manifest", () => {
  test("is one pinnable pane on a mail that is read, in the agent's language", () => {
    const german = readManifest(ours, "de-DE");
    expect(german.commands).toEqual([
      expect.objectContaining({
        surface: "MessageReadCommandSurface",
        label: "Ticket",
        tip: "Öffnet das Ticket zu dieser Mail oder legt eines an.",
        action: { kind: "pane", url: "https://localhost:5444/addin/pane.html", pinnable: true },
      }),
    ]);
    expect(german).toMatchObject({
      name: "Deskhatch",
      permission: "ReadWriteItem",
      sharedFolders: true,
      eventFunctions: [],
    });
  });

  test("would be a function button and a send guard, if the manifest had them", () => {
    const more = ours
      .replace(
        /<Action xsi:type="ShowTaskpane">\s*<SourceLocation resid="pane.url" \/>\s*<SupportsPinning>true<\/SupportsPinning>\s*<\/Action>/,
        '<Action xsi:type="ExecuteFunction"><FunctionName>take</FunctionName></Action>',
      )
      .replace(
        "<SupportsSharedFolders>true</SupportsSharedFolders>",
        '<SupportsSharedFolders>true</SupportsSharedFolders><FunctionFile resid="pane.url" />',
      );
    const at = more.lastIndexOf("</ExtensionPoint>") + "</ExtensionPoint>".length;
    const guard =
      '<ExtensionPoint xsi:type="LaunchEvent"><LaunchEvents><LaunchEvent Type="OnMessageSend" FunctionName="guard" SendMode="SoftBlock" /></LaunchEvents><SourceLocation resid="pane.url" /></ExtensionPoint>';
    const { commands, eventFunctions } = readManifest(more.slice(0, at) + guard + more.slice(at));
    const url = "https://localhost:5444/addin/pane.html";
    expect(commands[0]?.action).toEqual({ kind: "function", name: "take", url });
    expect(eventFunctions).toEqual([{ event: "OnMessageSend", name: "guard", url, sendMode: "SoftBlock" }]);
  });
});
