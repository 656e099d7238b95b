import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { inGerman } from "../../addin/text/de/said.ts";
import { type SentenceCode, sentences } from "../../server/desk/contract/sentences.ts";
import { saidOf, say } from "../../server/desk/say.ts";

const codes = Object.keys(sentences) as SentenceCode[];
/** What stands in the gaps: addresses, domains, numbers; of marks as spam the name of an agent. */
const place = fc.oneof(fc.emailAddress(), fc.domain(), fc.nat().map(String));
const name = fc.constantFrom("Ana Østergård", "Dr. C. D'Arc", "Bo");
const partOf = (code: SentenceCode) => (code.includes("spam") ? name : place);
const gaps = (code: SentenceCode) => sentences[code].split(/\{\d\}/).length - 1;

test("every sentence of the desk is recognised with what stands in its gaps, alone and behind another", () => {
  const said = fc
    .constantFrom(...codes)
    .chain((code) =>
      fc.tuple(fc.constant(code), fc.array(partOf(code), { minLength: gaps(code), maxLength: gaps(code) })),
    );
  fc.assert(
    fc.property(said, said, ([one, its], [other, others]) => {
      const text = [say(one, ...its), say(other, ...others)].join(" ");
      expect(saidOf(text).map(({ code, parts }) => [code, parts])).toEqual([
        [one, its],
        [other, others],
      ]);
      expect(
        saidOf(text)
          .map(({ detail }) => detail)
          .join(" "),
      ).toBe(text);
    }),
  );
});

test("what the desk does not know as its own stays as it is, whatever it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) =>
      expect(
        saidOf(text)
          .map(({ detail }) => detail)
          .join(" ")
          .trim(),
      ).toBe(text.trim()),
    ),
  );
  expect(inGerman(saidOf("Something that an older desk wrote."))).toBe("Something that an older desk wrote.");
});

test("a German reads why new mail is late, what to do, and of whom the doubt is", () => {
  expect(inGerman(saidOf([say("untold"), say("access_denied"), say("must_reach_us")].join(" ")))).toBe(
    "Neue Mails kommen bis zu einer Minute später, weil Microsoft 365 sie uns nicht melden kann. Microsoft 365 verweigert den Zugriff auf das Postfach. Bitten Sie die Administration, ihn erneut zu gewähren. Es muss NOTIFY_URL erreichen.",
  );
  expect(inGerman(saidOf(say("stranger_in_thread", "mallory@outsider.test", 1042)))).toBe(
    "Unbekannter Absender in einem bekannten Verlauf: mallory@outsider.test ist nicht an #1042 beteiligt.",
  );
});
