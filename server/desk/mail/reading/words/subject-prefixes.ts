/** What mail programs write before the subject of a mail they hand on or answer, by language. Lower case. */
const FORWARDED =
  "fwd?|wg|tr|rv|i|doorst|enc|pd|vl|vs|vb|[iİ]lt|i̇lt|ілт|videresend|videresendt|vidarebefordrat|fs|framsent|továbbítás|továbbított|tov|továbbítva|trans|redirecționat|redir|ynl|předané|předáno|přeposláno|preposlané|prosl|proslijeđeno|proslijeđen|posr|posredovano|pr|edasi|ed|pers|persiųsta|pārs|pārsūtīts|pārsūt|пер|пересл|переслано|пересланное|переадресация|переадресовано|преп|препратено|препр|прослеђено|проследено|πρθ|προώθηση|αν|転送|转发|轉寄|轉發|전달|הועבר|הועברה|إعادة توجيه|موجه|محول|ارسال مجدد|بازارسال|هدایت‌شده|هدایت|ส่งต่อ|terusan|trs|diteruskan|chuyển tiếp|chuyển|reenviat|reenv|rnv|birb|birbidalia|bidali|transf|trasmesso|inoltra|inoltrato|weitergeleitet|weiterl|ar aghaidh|anf|anfon ymlaen|transmitted|forward(?:ed)?";
const ANSWERED =
  "re|aw|antw|antwort|sv|svar|odp|odpowiedź|odpověď|odpoveď|ref|réf|rép|rif|r|res|resp|risp|rsp|vá|válasz|ynt|yanıt|odg|odgovor|ats|atsakymas|atb|atbilde|απ|απάντηση|ответ|отв|отн|відп|відповідь|отговор|одг|одговор|на|回复|回覆|答复|答覆|返信|回信|회신|답장|תגובה|תשובה|השב|رد|الرد|پاسخ|ตอบกลับ|ตอบ|balas|balasan|bls|trả lời|vast|vas|erantz|er|jwb|jawab|svr|sct|fg";

const COUNTED = "\\.?(?:\\s?[([]\\d{1,3}[)\\]]|\\^\\d{1,3})?\\s?[:：﹕]";

/** Gateways tag what comes from outside: `[External]`, `EXTERNAL:`, `***SPAM***`. */
const SHOUT =
  "(?:(?:extern(?:al|e|er|es|o|í)?|esterno|ext|externt|ekstern|eksternt|ulkoinen|zewnętrzn[ay]|harici|внешн\\p{L}{1,4}|зовнішн\\p{L}{1,4}|外部|외부|extern mail|caution|warning|vorsicht|achtung|attention|suspicious|suspected (?:spam|phishing)|possible spam|spam\\??|phishing\\??|bulk|junk|secure|encrypted|unverified|untrusted)(?: (?:absender|afzender|expéditeur|remitente|mittente|avsändare|sender|e?-?mail|message|nachricht|absender))?)";
const TAG = `(?:\\[[^\\[\\]]{1,40}\\]|\\{[^{}]{1,40}\\}|【[^【】]{1,40}】|<[^<>]{1,40}>|\\([^()]{1,40}\\)|\\*{1,5}[^*]{1,40}\\*{1,5}|[⚠️❗‼]{1,3}|#{1,3}${SHOUT}#{1,3}|${SHOUT}\\s?(?:[:：|>-]|--))`;
const TAGS = `^\\s{0,3}(?:${TAG}[\\s:|-]{0,4}){0,4}`;

const LEADING_TAGS = new RegExp(TAGS, "iu");
const FORWARD_PREFIX = new RegExp(`${TAGS}(?:${FORWARDED})${COUNTED}`, "iu");
const ANSWER_PREFIX = new RegExp(`${TAGS}(?:${ANSWERED})${COUNTED}`, "iu");

/** A word in capitals before a colon, whatever it says. */
const SHOUTED = /^\p{Lu}[\p{Lu}\d !?-]{2,25}\s?[:：|]\s{0,3}/u;

export const saysForwarded = (subject: string) => FORWARD_PREFIX.test(subject);
export const saysAnswered = (subject: string) => ANSWER_PREFIX.test(subject);
export const withoutForwardPrefix = (subject: string) => subject.replace(FORWARD_PREFIX, "").trim();
export const withoutAnswerPrefix = (subject: string) => subject.replace(ANSWER_PREFIX, "").trim();
/** Without what a gateway wrote before it. */
export const withoutTags = (subject: string) =>
  subject.replace(LEADING_TAGS, "").replace(SHOUTED, "").replace(LEADING_TAGS, "").trim();
