import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { retryAtOf } from "../../server/desk/graph/ask.ts";

test("Retry-After is a number of seconds or a date; anything else says nothing", () => {
  const now = Date.parse("2026-11-22T01:00:00Z");
  expect(retryAtOf("17", now)).toEqual(new Date("2026-11-22T01:00:17Z"));
  expect(retryAtOf("Sun, 22 Nov 2026 01:10:00 GMT", now)).toEqual(new Date("2026-11-22T01:10:00Z"));
  expect([null, "", "soon", "-"].map((header) => retryAtOf(header, now))).toEqual([null, null, null, null]);
});

test("nobody is kept waiting for days, whatever a gateway says", () => {
  const now = Date.parse("2026-11-22T01:00:00Z");
  const far = ["864000", "9".repeat(400), "Fri, 31 Dec 2099 00:00:00 GMT"];
  expect(far.map((header) => retryAtOf(header, now))).toEqual(far.map(() => new Date("2026-11-22T02:00:00Z")));
});

test("whatever a server writes there, we get a real date or none", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.bigInt().map(String)), (header) => {
      const at = retryAtOf(header);
      expect(at === null || Number.isFinite(at.getTime())).toBe(true);
    }),
  );
});
