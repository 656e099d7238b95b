/** What mail programs write into their HTML around quotes, history and signatures. The sanitizer keeps it as `data-quote`. */
export type QuoteMark = "quote" | "history" | "signature";

/** Elements that hold a quote, or the line above it. */
const QUOTE_CLASSES =
  /(^|\s)(gmail_attr|moz-cite-prefix|yahoo_quoted|yahoo_quoted_\d+|protonmail_quote|tutanota_quote|zmail_extra|WordSection1Quote|freebirdFormviewer|cite-prefix|mailQuote|x_gmail_attr|x_moz-cite-prefix)(\s|$)/;
const QUOTE_IDS = /^(x_)*(reply-intro|isReplyContent|yahoo_quoted_\d+|replySplit)$/;

/** With these, and everything after them, the earlier mail begins. */
const HISTORY_CLASSES =
  /(^|\s)(x_)*(OutlookMessageHeader|moz-forward-container|moz-email-headers-table|wmQuote|ms-outlook-mobile-reference-message|mail_quote_marker|quote-header|zmail_extra_hr)(\s|$)/;
const HISTORY_IDS =
  /^(x_)*(divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|stopSpelling|origbody|mail_source|spark_quote|divtagdefaultreply)$/;

const SIGNATURE_CLASSES =
  /(^|\s)(x_)*(gmail_signature|moz-signature|gmail_signature_prefix|protonmail_signature_block|yahoo_signature|apple-mail-signature|ms-outlook-mobile-signature|moz-txt-sig)(\s|$)/;
const SIGNATURE_IDS =
  /^(x_)*(Signature|signature|ms-outlook-mobile-signature|divtagdefaultsignature|AppleMailSignature|lineBreakAtBeginningOfSignature|AppleMailSignature\w*|mobile_signature)$/;

/** Outlook for Windows and Mac set From/Sent/To below a thin rule of these colours. */
const OUTLOOK_RULE = /border(-top)?:\s*(none;\s*border-top:\s*)?solid\s+#?(e1e1e1|b5c4df|b5c4de|cccccc)\b/i;

/** A mark that an earlier pass left. */
export const asQuoteMark = (word: string | undefined): QuoteMark | null =>
  word === "quote" || word === "history" || word === "signature" ? word : null;

type Attributes = Record<string, string | undefined>;

export function quoteMarkOf(tag: string, attributes: Attributes): QuoteMark | null {
  const { class: classes = "", id = "", style = "" } = attributes;
  if (HISTORY_IDS.test(id) || HISTORY_CLASSES.test(classes)) return "history";
  if (SIGNATURE_IDS.test(id) || SIGNATURE_CLASSES.test(classes) || attributes["data-smartmail"] === "gmail_signature")
    return "signature";
  if (QUOTE_CLASSES.test(classes) || QUOTE_IDS.test(id)) return "quote";
  if (tag === "div" && OUTLOOK_RULE.test(style)) return "history";
  return tag === "blockquote" && !isIndent(attributes) ? "quote" : null;
}

/** Gmail and Apple Mail indent with a quote that has no rule at its side. */
const isIndent = ({ type, class: classes = "", style = "" }: Attributes) =>
  type !== "cite" &&
  !/quote/i.test(classes) &&
  /margin:\s*0(px)? 0(px)? 0(px)? 40px/i.test(style) &&
  /border:\s*(none|medium none)/i.test(style);
