/**
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"]}
 */
import { readdir } from "node:fs/promises";
import fc from "fast-check";
import { cleanWords, isBlank } from "../../addin/composer/clean-words.ts";
import { mailboxOf } from "../../addin/desk/desk.tsx";

const texts = (await readdir("addin/text")).filter((name) => name.endsWith(".ts"));
const speeches = await Promise.all(
  texts.map(async (name) => [name, Object.values(await import(`../../addin/text/${name}`))[0]] as const),
);
const { "en.ts": english, "de.ts": german, ...parts } = Object.fromEntries(speeches) as Record<string, object>;

test.each(
  Object.entries({ "en.ts and de.ts": { en: english, de: german }, ...parts }) as [
    string,
    { en: object; de: object },
  ][],
)("%s says the same in both languages, and in German to people who are no friends yet", (_, { en, de }) => {
  const sentences = sentencesOf(de);
  expect(sentences.map(([path]) => path)).toEqual(sentencesOf(en).map(([path]) => path));
  for (const [path, words] of sentences) expect([path, words]).toEqual([path, expect.not.stringMatching(familiar)]);
});

const familiar = /\b(du|dir|dich|dein\w*)\b/i;

/** Each sentence with the way to it; of those that are made of something, the way they are made. */
const sentencesOf = (words: object, path = ""): [string, string][] =>
  Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === "object" && value ? sentencesOf(value, `${path}${key}.`) : [[path + key, String(value)]],
  );

test("the composer keeps what it can make and drops everything that acts", () => {
  expect(cleanWords('<p>Dear <b>Alice</b>, <a href="https://example.org" onclick="x()">here</a></p>')).toBe(
    '<p>Dear <b>Alice</b>, <a href="https://example.org">here</a></p>',
  );
  expect(
    cleanWords('<a href="javascript:x()">here</a><img src=x onerror=x()><script>x()</script><style>p{}</style>'),
  ).toBe("<a>here</a>");
});

test("whatever comes, only harmless elements remain, and cleaning twice changes nothing", () => {
  const piece = fc.constantFrom(
    "<b>",
    "</b>",
    "<svg>",
    "<math>",
    "<style>",
    "</style>",
    "<p style=x>",
    "<a href=",
    "javascript:",
    ">",
    "'",
    '"',
    "text",
    "<!--",
    "-->",
    "<noscript>",
    "<iframe srcdoc=",
    "&lt;script&gt;",
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const clean = cleanWords(pieces.join(""));
      const page = new DOMParser().parseFromString(clean, "text/html");
      for (const element of page.body.querySelectorAll("*")) {
        expect(["P", "B", "A", "DIV", "BR"]).toContain(element.tagName);
        for (const { name } of element.attributes) expect(name).toBe("href");
      }
      expect(cleanWords(clean)).toBe(clean);
    }),
  );
});

test("words of white space are no words", () => {
  expect(isBlank("<p><br></p> ")).toBe(true);
  expect(isBlank("<p>a</p>")).toBe(false);
});

describe("which mailbox a mail is in", () => {
  const mailboxes = [{ address: "support@deskhatch.test" }];
  const mail = {
    key: "k",
    subject: "s",
    itemId: "i",
    internetMessageId: "m",
    from: null,
    recipients: ["support@deskhatch.test"],
    sharedMailbox: null,
  };

  test("Outlook's own word counts most", () =>
    expect(mailboxOf({ ...mail, sharedMailbox: "sales@deskhatch.test" }, mailboxes, "anna@deskhatch.test")).toBe(
      "sales@deskhatch.test",
    ));
  test("otherwise it is hers when it was sent to her", () =>
    expect(
      mailboxOf(
        { ...mail, recipients: ["anna@deskhatch.test", "support@deskhatch.test"] },
        mailboxes,
        "anna@deskhatch.test",
      ),
    ).toBe("anna@deskhatch.test"));
  test("or the desk's mailbox that it was sent to", () =>
    expect(mailboxOf(mail, mailboxes, "anna@deskhatch.test")).toBe("support@deskhatch.test"));
  test("or hers, when nothing else is known", () =>
    expect(mailboxOf({ ...mail, recipients: [] }, mailboxes, "anna@deskhatch.test")).toBe("anna@deskhatch.test"));
});
