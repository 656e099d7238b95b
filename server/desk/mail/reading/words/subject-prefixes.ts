const FORWARDED =
  "fwd?|wg|tr|rv|i|doorst|enc|pd|vl|vs|vb|[iİ]lt|i̇lt|ілт|videresend|videresendt|vidarebefordrat|továbbítás|továbbított|trans|redirecționat|redir|ynl|fs|předané|předáno|přeposláno|preposlané|prosl|proslijeđeno|edasi|пер|пересл|переслано|пересланное|переадресация|πρθ|προώθηση|転送|转发|轉寄|轉發|전달|הועבר|terusan|chuyển tiếp";
const ANSWERED =
  "re|aw|antw|antwort|sv|svar|odp|ref|réf|rif|r|res|resp|vá|válasz|ynt|yanıt|odg|odgovor|ats|atb|απ|ответ|відп|на|回复|回覆|答复|答覆|返信|회신|답장|תגובה|השב|balas|trả lời|bls|vast";

const COUNTED = "(?:\\s?[([]\\d{1,3}[)\\]]|\\^\\d{1,3})?\\s?[:：]";
/** `Fwd:`, `WG:`, `TR:`, and kin; tags such as `[EXTERNAL]` may stand before. */
const TAGS = "^\\s{0,3}(?:\\[[^\\]]{1,40}\\]\\s?){0,3}";
const FORWARD_PREFIX = new RegExp(`${TAGS}(?:${FORWARDED})${COUNTED}`, "iu");
const ANSWER_PREFIX = new RegExp(`${TAGS}(?:${ANSWERED})${COUNTED}`, "iu");

export const saysForwarded = (subject: string) => FORWARD_PREFIX.test(subject);
export const saysAnswered = (subject: string) => ANSWER_PREFIX.test(subject);
export const withoutForwardPrefix = (subject: string) => subject.replace(FORWARD_PREFIX, "").trim();
export const withoutAnswerPrefix = (subject: string) => subject.replace(ANSWER_PREFIX, "").trim();
