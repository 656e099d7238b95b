import { field, readable } from "../mime/headers.ts";
import { type MimePart, walk } from "../mime/tree.ts";
import type { MailFeedbackReport } from "../read-mail.ts";
import { originalHeader, originalMessageId } from "./original.ts";
import { addressOf, readFieldGroups } from "./report-fields.ts";

/** A complaint about a mail of ours: RFC 5965, and Microsoft's form without that part. */
export function readFeedbackReport(root: MimePart, subject: string, text: string): MailFeedbackReport | null {
  const report = [...walk(root)].find(({ type }) => type === "message/feedback-report");
  if (report) {
    const [fields = new Map<string, string>()] = readFieldGroups(report.content());
    return {
      type: fields.get("feedback-type")?.toLowerCase() ?? null,
      recipient: addressOf(fields.get("original-rcpt-to")) ?? originalRecipient(root),
      originalMessageId: originalMessageId(root, text),
    };
  }
  if (!isMicrosoftComplaint(root, subject)) return null;
  return { type: "abuse", recipient: originalRecipient(root), originalMessageId: originalMessageId(root, text) };
}

/** Outlook.com's Junk Mail Reporting Program sends the original alone, under this subject. */
const isMicrosoftComplaint = (root: MimePart, subject: string) =>
  /^complaint about message from\b/i.test(subject) && originalHeader(root) !== null;

function originalRecipient(root: MimePart): string | null {
  const header = originalHeader(root);
  if (!header) return null;
  return addressOf(readable(field(header, "x-hmxmroriginalrecipient") ?? field(header, "to") ?? ""));
}
