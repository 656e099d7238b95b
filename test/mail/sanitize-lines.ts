import { text } from "node:stream/consumers";
import { safeHtml } from "../../server/desk/mail/reading/safe-html.ts";

/** Lines of `{id, html}` in, lines of `{id, html}` made safe out: for judging the sanitizer in a real browser. */
for (const line of (await text(process.stdin)).split("\n")) {
  if (line === "") continue;
  const { id, html }: { id: string; html: string } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id, html: safeHtml(html) })}\n`);
}
