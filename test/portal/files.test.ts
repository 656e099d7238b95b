import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { cleanName, disposition } from "../../server/portal/files/name.ts";
import { aCustomer, aPortal, aRelease, aReleasedFile, aSignedIn, aTicketOf, type PortalWorld } from "./world.ts";

let portal: PortalWorld;
beforeAll(async () => {
  portal = await aPortal();
});
afterAll(() => portal.end());

test.each([
  ["image/png", "image/png", "inline"],
  ["application/pdf", "application/octet-stream", "attachment"],
  ["image/svg+xml", "application/octet-stream", "attachment"],
  ["text/html", "application/octet-stream", "attachment"],
  ["text/html;x", "application/octet-stream", "attachment"],
  ["application/xhtml+xml", "application/octet-stream", "attachment"],
  ["", "application/octet-stream", "attachment"],
])("a file that says it is %j is served as %s, %s, and never runs here", async (type, served, kind) => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const fileId = await aReleasedFile(portal, await aRelease(portal, ticket), {
    type,
    name: "a.svg",
    content: "<svg onload=alert(1)>",
  });
  const { headers, text } = await (await aSignedIn(portal, alice)).get(`/files/${fileId}`);

  expect(headers.get("content-type")).toBe(served);
  expect(headers.get("content-disposition")).toMatch(new RegExp(`^${kind};`));
  expect(headers.get("content-security-policy")).toMatch(/^sandbox;/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(text).toBe("<svg onload=alert(1)>");
});

test("ids of files cannot be guessed, and paths are no ids", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  await aReleasedFile(portal, await aRelease(portal, ticket));
  const browser = await aSignedIn(portal, alice);
  const ids = ["1", "..%2f..%2fetc%2fpasswd", "%00", "invoice.txt", "x".repeat(5000), "' or true --"];
  for (const id of ids) expect((await browser.get(`/files/${id}`)).status).toBe(404);
});

test("a file whose content is missing from the store is 404, not a broken answer", async () => {
  const alice = await aCustomer(portal);
  const release = await aRelease(portal, await aTicketOf(portal, alice));
  const fileId = await aReleasedFile(portal, release, { content: "soon gone" });
  const { sha256 } = await portal.publisher.publishedFile.findFirstOrThrow({ where: { fileId } });
  await portal.files.remove(sha256);
  expect((await (await aSignedIn(portal, alice)).get(`/files/${fileId}`)).status).toBe(404);
});

test.each([
  ["../../etc/passwd", "passwd"],
  ["C:\\temp\\bill.pdf", "bill.pdf"],
  ["\u200b.htaccess", "htaccess"],
  ["bill\u202efdp.exe", "billfdp.exe"],
  ["a\r\nSet-Cookie: x=y.txt", "aSet-Cookie_ x=y.txt"],
  [" . ", "file"],
  ["", "file"],
  ["Rechnung Müller 📎.pdf", "Rechnung Müller 📎.pdf"],
])("the file name %j becomes %j", (given, shown) => {
  expect(cleanName(given)).toBe(shown);
});

test("whatever a file is called, its name stays one name: no path, no line end, at most 200 characters, the same when cleaned again", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme", maxLength: 400 }), fc.string()),
      (given) => {
        const name = cleanName(given);
        expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}]|^[\s.]|^$/u);
        expect([...name].length).toBeLessThanOrEqual(200);
        expect(cleanName(name)).toBe(name);
        expect(disposition("attachment", given)).toMatch(
          /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.!~*%-]+$/,
        );
        const exact = /UTF-8''(.*)$/.exec(disposition("attachment", given))?.[1] ?? "";
        expect(decodeURIComponent(exact)).toBe(name);
      },
    ),
    { numRuns: 2000 },
  );
});
