/** MAIL-07, variants: one canonicalisation for all that compares addresses. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalAddress } from "../../server/platform/mail-address.ts";

test.each([
  ["in another case", "Victim@OrgA.Test"],
  ["with blanks around it", "  victim@orga.test\t"],
  ["with a trailing dot in the domain", "victim@orga.test."],
  ["in quotes that it does not need", '"victim"@orga.test'],
  ["with a needless backslash in its quotes", '"vic\\tim"@orga.test'],
])("the same mailbox written %s is the same address", (_, written) => {
  expect(canonicalAddress(written)).toBe("victim@orga.test");
});

test.each([
  ["dots", "vic.tim@orga.test"],
  ["a plus tag", "victim+x@orga.test"],
  ["a Cyrillic letter in the domain", "victim@orgа.test"],
  ["a Cyrillic letter before the @", "vіctim@orga.test"],
  ["a dotless i", "vıctim@orga.test"],
  ["a subdomain", "victim@mail.orga.test"],
])("an address with %s is another mailbox's", (_, written) => {
  expect(canonicalAddress(written)).not.toBe("victim@orga.test");
});

test("KELVIN SIGN is no k before the @, and in a domain it is one, as for DNS", () => {
  expect(canonicalAddress("\u212Aate@x.test")).not.toBe("kate@x.test");
  expect(canonicalAddress("kate@\u212A.test")).toBe("kate@k.test");
});

test("an international domain is written as DNS asks for it, whichever way it came", () => {
  const canonical = "alice@xn--bcher-kva.test";
  for (const written of [
    "alice@bücher.test",
    "Alice@BÜCHER.test",
    "alice@XN--BCHER-KVA.test",
    "alice@bu\u0308cher.test",
  ])
    expect(canonicalAddress(written)).toBe(canonical);
  expect(canonicalAddress("a@straße.test")).not.toBe(canonicalAddress("a@strasse.test"));
});

test.each([
  "",
  "victim",
  "@orga.test",
  "victim@",
  "victim@orga..test",
  "victim@orga.test..",
  '"a@evil"@orga.test',
  '"a b"@orga.test',
  "a@b@orga.test",
  "victim@orga.test, mallory@x.test",
  "<victim@orga.test>",
  "victim(at home)@orga.test",
  "victim@[192.0.2.1]",
  "victim@192.0.2.1",
  "victim@\uFF11.2",
  "vic\ntim@orga.test",
  "vic\u200Btim@orga.test",
])("%j is the address of nobody", (written) => {
  expect(canonicalAddress(written)).toBeNull();
});

const local = fc.string({ unit: fc.constantFrom(..."abzABZ019._-+'ıİKſß"), minLength: 1, maxLength: 8 });
const label = fc.string({ unit: fc.constantFrom(..."abzABZ019üßаοı"), minLength: 1, maxLength: 6 });
const written = fc.tuple(local, label).map(([name, domain]) => `${name}@a${domain}.test`);

test("canonical of canonical is the same, and nothing makes it fail", () => {
  fc.assert(
    fc.property(fc.oneof(written, fc.string(), fc.emailAddress()), (address) => {
      const canonical = canonicalAddress(address);
      if (canonical !== null) expect(canonicalAddress(canonical)).toBe(canonical);
    }),
    { numRuns: 5000 },
  );
});

/** What makes two mailboxes distinct, said in another way: the domain as DNS has it, without its final dot, the local part but for A to Z. */
const mailbox = (address: string) => {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return JSON.stringify([local, new URL(`http://${address.slice(at + 1)}`).hostname.replace(/\.$/, "")]);
};

/** So few signs that pairs which differ by case, alphabet or dot alone are common. */
const few = fc.string({ unit: fc.constantFrom(..."kK\u212AıİiI."), minLength: 1, maxLength: 2 });
const similar = fc
  .tuple(few, fc.constantFrom("x.test", "X.test.", "ü.test", "u.test", "x.test"))
  .map((all) => all.join("@"));

test("two mailboxes never get one address", () => {
  fc.assert(
    fc.property(fc.oneof(similar, written), fc.oneof(similar, written), (one, other) => {
      const [first, second] = [canonicalAddress(one), canonicalAddress(other)];
      if (first !== null && first === second) expect(mailbox(one)).toBe(mailbox(other));
    }),
    { numRuns: 5000 },
  );
});
