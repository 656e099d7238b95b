import { type MimePart, walk } from "../mime/tree.ts";
import type { MailAutoReply } from "../read-mail.ts";
import { readFieldGroups } from "./report-fields.ts";

/**
 * A receipt: that a mail was read or deleted (RFC 8098), or that it arrived (RFC 3464 with good news only). Nobody wrote it,
 * and nobody waits for an answer. A report that a person attaches is a file.
 */
export function readReceipt(root: MimePart): MailAutoReply | null {
  const type = root.contentType.parameters.get("report-type")?.toLowerCase();
  const parts = [...walk(root)].filter((part) => part.disposition.value !== "attachment" || root.type === REPORT);
  const isRead =
    parts.some(({ type }) => /^message\/(global-)?disposition-notification$/.test(type)) ||
    (root.type === REPORT && type === "disposition-notification");
  if (isRead) return { because: "it is a receipt for a mail that was read or deleted (RFC 8098)" };
  const report = parts.find(({ type }) => /^message\/(global-)?delivery-status$/.test(type));
  const actions = report ? readFieldGroups(report.content()).flatMap((group) => group.get("action") ?? []) : [];
  return actions.length > 0 && actions.every((action) => GOOD.test(action.trim()))
    ? { because: `it is a report that a mail was ${actions[0]?.trim().toLowerCase()} (RFC 3464)` }
    : null;
}

const REPORT = "multipart/report";

/** RFC 3464, 2.3.3. */
const GOOD = /^(delivered|relayed|expanded)\b/i;
