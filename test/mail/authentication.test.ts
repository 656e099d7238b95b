/** Who vouches for a sender: our own server's results and nothing that a sender can write. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readMail } from "../../server/desk/mail/reading/read.ts";

const trusted = "mx.ours.test";
const ours = {
  pass: `${trusted}; spf=pass smtp.mailfrom=harbourlight.test; dkim=pass header.d=harbourlight.test; dmarc=pass header.from=harbourlight.test`,
  fail: `${trusted}; spf=pass smtp.mailfrom=evil.test; dkim=none; dmarc=fail action=none header.from=harbourlight.test`,
  none: `${trusted}; spf=none smtp.mailfrom=harbourlight.test; dkim=none; dmarc=none header.from=harbourlight.test`,
};

const verdictOf = async (headers: string[], ids = [trusted]) => {
  const head = [...headers, "From: Alice <alice@harbourlight.test>", "Subject: Hello", "Message-ID: <a@b.test>"];
  const mail = await readMail(Buffer.from(`${head.join("\r\n")}\r\n\r\nHello\r\n`), { trustedAuthservIds: ids });
  return mail.authentication.verdict;
};

const folded = fc.constantFrom(" ", "\r\n ", "\r\n\t", "  ");
const comment = fc.constantFrom("", " (dmarc=pass)", " (a (nested; dmarc=pass) one)", ' "; dmarc=pass"');
const goodNews = fc
  .tuple(folded, comment, folded)
  .map(
    ([one, said, other]) =>
      `;${one}spf=pass${said};${other}dkim=pass;${one}dmarc=pass${other}header.from=harbourlight.test; compauth=pass`,
  );
/** What a sender can write: results of a server of his own, of one that sounds like ours, and everything beside the header. */
const forged = fc.tuple(
  fc.constantFrom("Authentication-Results", "authentication-results", "AUTHENTICATION-RESULTS"),
  fc.constantFrom(
    "mx.evil.test",
    "mx.ours.test.evil.test",
    "xmx.ours.test",
    '"mx.ours.test" evil',
    "(mx.ours.test) evil.test",
  ),
  goodNews,
);
const beside = fc.tuple(
  fc.constantFrom(
    "ARC-Authentication-Results",
    "X-Authentication-Results",
    "Authentication-Results-Original",
    "X-MS-Exchange-Authentication-Results",
    "Subject",
    "Comments",
  ),
  fc.constantFrom("i=1; mx.ours.test", trusted),
  goodNews,
);
const anyForged = fc.oneof(forged, beside).map(([name, id, news]) => `${name}: ${id}${news}`);

test("whatever a sender writes above or below, our server's result stands", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("pass", "fail", "none"),
      fc.array(anyForged, { maxLength: 4 }),
      fc.array(anyForged, { maxLength: 4 }),
      async (verdict, above, below) => {
        const headers = [...above, `Authentication-Results: ${ours[verdict]}`, ...below];
        expect(await verdictOf(headers)).toBe(verdict);
      },
    ),
    { numRuns: 300 },
  );
});

test("under our server's own name, below its result or with it, nothing gets better", async () => {
  const inOurName = goodNews.map((news) => `Authentication-Results: ${trusted}${news}`);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("fail", "none"),
      fc.array(inOurName, { minLength: 1, maxLength: 3 }),
      async (verdict, below) => {
        expect(await verdictOf([`Authentication-Results: ${ours[verdict]}`, ...below])).not.toBe("pass");
      },
    ),
    { numRuns: 200 },
  );
});

test("with no result of our server's, nobody vouches", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyForged, { maxLength: 6 }), async (headers) => {
      expect(await verdictOf(headers)).toBe("none");
    }),
    { numRuns: 200 },
  );
});

test("our server's result is read however it is folded, cased, commented and spread over headers", async () => {
  await fc.assert(
    fc.asyncProperty(folded, comment, fc.boolean(), async (fold, said, spread) => {
      const parts = ["spf=pass smtp.mailfrom=harbourlight.test", `dkim=pass${said} header.d=harbourlight.test`];
      const dmarc = `DMARC=Pass (p=none)${fold}header.from=HarbourLight.test`;
      const headers = spread
        ? [dmarc, ...parts].map((part) => `Authentication-Results: MX.ours.test;${fold}${part}`)
        : [`Authentication-Results: MX.ours.test;${fold}${[...parts, dmarc].join(`;${fold}`)}`];
      expect(await verdictOf(headers)).toBe("pass");
    }),
    { numRuns: 100 },
  );
});

/** Exchange's own marks; it takes them out of what comes from outside. */
const throughExchange = [
  "X-MS-Exchange-Organization-AuthSource: DB5EUR01FT042.eop-EUR01.prod.protection.outlook.com",
  "X-MS-Exchange-Organization-AuthAs: Anonymous",
];
const exchange = (dmarc: string) =>
  `Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=harbourlight.test; dkim=pass; dmarc=${dmarc} action=none header.from=harbourlight.test;compauth=${dmarc} reason=100`;

test("Exchange writes no id: trusted so, a result with an id beside it is nobody's word", async () => {
  const evil = "Authentication-Results: mx.evil.test; dmarc=pass header.from=harbourlight.test";
  expect(await verdictOf([...throughExchange, exchange("pass")], [""])).toBe("pass");
  expect(await verdictOf([...throughExchange, exchange("fail"), evil], [""])).toBe("fail");
  expect(await verdictOf([...throughExchange, evil, exchange("fail")], [""])).toBe("fail");
});

test("a result without an id is believed only of a mail that came through Exchange, which writes what no outsider can", async () => {
  expect(await verdictOf([exchange("pass")], [""])).toBe("none");
  expect(await verdictOf([exchange("pass"), "X-MS-Exchange-CrossTenant-AuthAs: Anonymous"], [""])).toBe("none");
  for (const mark of throughExchange) expect(await verdictOf([mark, exchange("pass")], [""])).toBe("pass");
});

test("our server's topmost header decides: what stands in its name further down, in its run or behind others, adds nothing good", async () => {
  const withoutDmarc = `Authentication-Results: ${trusted}; spf=pass smtp.mailfrom=evil.test`;
  const between = fc.array(anyForged, { maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(withoutDmarc, `Authentication-Results: ${trusted}; none`),
      between,
      goodNews,
      async (top, others, news) => {
        expect(await verdictOf([top, ...others, `Authentication-Results: ${trusted}${news}`])).toBe("none");
      },
    ),
    { numRuns: 200 },
  );
  const forged = `Authentication-Results: ${trusted}; dmarc=fail header.from=harbourlight.test`;
  const pass = `Authentication-Results: ${ours.pass}`;
  expect(await verdictOf([pass, "Authentication-Results: mx.evil.test; none", forged])).toBe("fail");
  const nameless = "Authentication-Results: spf=pass smtp.mailfrom=evil.test";
  expect(await verdictOf([...throughExchange, nameless, exchange("pass")], [""])).toBe("none");
});
