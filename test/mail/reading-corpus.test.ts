import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { parseDocument } from "htmlparser2";
import { safeHtml } from "../../server/desk/mail/reading/safe-html.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shared = fileURLToPath(new URL("../../../shared/", import.meta.url));
const corpus = `${shared}data/mail`;
const judge = `${shared}tools/score-mail.mjs`;
const payloads = `${shared}data/html-xss.json`;

/**
 * Percent of the corpus's expectations that must hold. What a source alone sees otherwise is listed in reading/CONVENTIONS.md.
 * Most forwards come from one source: the floor leaves room for a single miss, so that the others cannot hide in it.
 */
const FLOORS: Record<string, number> = {
  subject: 99,
  from: 99,
  to: 99,
  cc: 99,
  replyTo: 99,
  date: 99,
  messageId: 99,
  inReplyTo: 99,
  references: 99,
  text: 96.5,
  hasHtml: 99,
  visibleText: 92,
  visibleTextLenient: 93.5,
  attachments: 98.5,
  attachmentCount: 97,
  isAutoReply: 100,
  isBounce: 98.5,
  bounceStatus: 97.5,
  isFeedbackReport: 100,
  forwardIs: 99,
  forwardFrom: 99,
  forwardSubject: 99,
  tnefNames: 92,
  calendarMethod: 100,
  crash: 100,
};

const withCorpus = existsSync(judge) && existsSync(corpus) ? test : test.skip;
const withPayloads = existsSync(payloads) ? test : test.skip;

withCorpus("real mail is read as its thirty sources read it (skipped: the corpus is not on this machine)", () => {
  const explain = `'${process.execPath}' server/desk/explain.ts --json --no-match`;
  const run = spawnSync(process.execPath, [judge, "--corpus", corpus, "--explain", explain, "--json"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const { fields }: { fields: Record<string, { percent: number }> } = JSON.parse(run.stdout);
  const below = Object.entries(FLOORS).filter(([field, floor]) => (fields[field]?.percent ?? 0) < floor);
  expect(below.map(([field, floor]) => `${field}: ${fields[field]?.percent} % instead of ${floor} %`)).toEqual([]);
});

const FORBIDDEN_TAGS =
  /^(script|style|iframe|frame|object|embed|applet|form|input|button|select|textarea|svg|math|base|meta|link|template|noscript|video|audio|source)$/;

withPayloads("no known attack survives in HTML (skipped: the payloads are not on this machine)", () => {
  const { items }: { items: { payload: string }[] } = JSON.parse(readFileSync(payloads, "utf8"));
  const left: string[] = [];
  const inspect = (nodes: ReturnType<typeof parseDocument>["children"], payload: string): void => {
    for (const node of nodes) {
      if (!("attribs" in node)) continue;
      const {
        on,
        src = "cid:",
        href = "https:",
        style = "",
      } = { on: Object.keys(node.attribs).find((name) => name.startsWith("on")), ...node.attribs };
      const acts =
        FORBIDDEN_TAGS.test(node.name) ||
        on ||
        !/^(cid|data:image\/\w)/.test(src) ||
        !/^(https?|mailto|tel):/i.test(href);
      if (acts || /url|fixed|sticky|expression|behavior|import/i.test(style)) left.push(payload);
      inspect(node.children, payload);
    }
  };
  for (const { payload } of items) inspect(parseDocument(safeHtml(payload)).children, payload);
  expect(left).toEqual([]);
  expect(items.length).toBeGreaterThan(500);
});
