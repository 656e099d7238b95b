/** Between dashes, above the mail that is answered. Lower case. */
const ORIGINAL_MESSAGE =
  "original message|original appointment|original email|reply message|ursprüngliche nachricht|originalnachricht|antwort nachricht|ursprünglicher termin|original-nachricht|message d.origine|message original|message initial|mensaje original|mensaje originaln?|messaggio originale|oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|mensagem original|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|originalmeddelande|ursprungligt meddelande|ursprungsmeddelande|originalmeddelelse|oprindelig meddelelse|oprindelig besked|opprinnelig melding|alkuperäinen viesti|algne teade|orijinal ileti|orijinal mesaj|özgün ileti|исходное сообщение|оригинальное сообщение|первоначальное сообщение|оригінальне повідомлення|eredeti üzenet|mesaj original|mesajul original|originalna poruka|izvorna poruka|izvorna poruka|αρχικό μήνυμα|元のメッセージ|オリジナルメッセージ|original message 元のメッセージ|原始邮件|原始郵件|邮件原件|원본 메시지|원본 이메일|הודעה מקורית|missatge original|mensaxe orixinal|jatorrizko mezua|pradinis laiškas|pradinis pranešimas|originalus laiškas|sākotnējais ziņojums|oriģinālais ziņojums|izvirno sporočilo|prvotno sporočilo|оригинална порука|изворна порука|оригинално съобщение|първоначално съобщение|оригинална порака|арыгінальнае паведамленне|бастапқы хабар|orijinal mesaj|mesazhi origjinal|ข้อความต้นฉบับ|ข้อความเดิม|thư gốc|tin nhắn gốc|thông báo gốc|pesan asli|mesej asal|orihinal na mensahe|پیام اصلی|اصل پیغام|الرسالة الأصلية|رسالة أصلية|मूल संदेश|मूल सन्देश|মূল বার্তা|அசல் செய்தி|originalna poruka|upphafleg skilaboð|upprunaleg skilaboð|oorspronklike boodskap|neges wreiddiol|teachtaireacht bhunaidh|originala mesaĝo|algsõnum|originaalsõnum";

/** Above the mail that is handed on: between dashes, or alone with a colon (Apple Mail, Postbox). */
const FORWARDED_MESSAGE =
  "forwarded message|forwarded by [^\\n]{1,100}|begin forwarded message|begin forwarded|forwarded mail|weitergeleitete nachricht|anfang der weitergeleiteten (?:nachricht|e[-‑]mail)|weitergeleitete e-mail|message transféré|message transmis|début du message (?:transféré|réexpédié)|message réexpédié|courriel transféré|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|messaggio inoltrato di seguito|doorgestuurd bericht|begin doorgestuurd bericht|mensagem (?:encaminhada|reencaminhada)|início da mensagem (?:encaminhada|reencaminhada)|mensagem encaminhada por|wiadomość przekazana|przekazana wiadomość|początek przekazywanej wiadomości|początek przekazanej wiadomości|przesłana wiadomość|wiadomość przesłana dalej|przesłano dalej|treść przekazanej wiadomości|přeposlaná zpráva|předaná zpráva|začátek přeposílané zprávy|začátek předávané zprávy|preposlaná správa|začiatok preposlanej správy|odovzdaná správa|vidarebefordrat meddelande|vidarebefordrat (?:mejl|brev)|början på vidarebefordrat brev|start på vidarebefordrat meddelande|början på vidarebefordrat mejl|börjar vidarebefordrat meddelande|videresendt meddelelse|start på videresendt besked|videresendt melding|begynnelse på videresendt melding|start på videresendt melding|videresendt besked|påbegynd videresendt besked|välitetty viesti|edelleenlähetetty viesti(?: alkaa)?|lähetetty viesti edelleen|välitetty viesti alkaa|edastatud kiri|edastatud sõnum|edasi saadetud kiri|[iİ]letilen mesaj|(?:[iİ]letilen |yönlendirilen )?[iİ]leti başlangıcı|yönlendirilen mesaj|[iİ]letilen ileti|[iİ]letilmiş (?:mesaj|ileti)|yönlendirilmiş mesaj|начало переадресованного сообщения|начало пересылаемого сообщения|пересылаемое сообщение|переадресованное сообщение|пересланное сообщение|перенаправленное сообщение|переслане повідомлення|початок листа, що пересилається|перенаправлене повідомлення|переслане повідомлення починається|повідомлення, що пересилається|препратено съобщение|továbbított üzenet|továbbított levél kezdete|a továbbított levél kezdete|mesaj redirecționat|începe mesajul redirecționat|mesaj transmis|mesaj redirecționat început|mesajul redirecționat|început mesaj redirecționat|începutul mesajului redirecționat|proslijeđena poruka|prosljeđena poruka|započni proslijeđenu poruku|započinje proslijeđena poruka|προωθημένο μήνυμα|転送されたメッセージ|メッセージを転送|転送元メッセージ|転送メッセージ|以下転送されたメッセージ|(?:以下は、?)?転送されたメッセージです|転送メール|转发邮件|转发的消息|开始转发的(?:消息|邮件)|下面是被转发的邮件|開始轉寄郵件|转发的邮件|已转发邮件|轉寄郵件|轉寄的郵件|전달된 메시지|הודעה שהועברה|رسالة معاد توجيهها|بداية الرسالة المعاد توجيهها|رسالة مُعاد توجيهها|تحويل الرسالة|missatge reenviat|inici del missatge reenviat|comença el missatge reenviat|mensaxe reenviada|inicio da mensaxe reenviada|birbidalitako mezua|persiųstas laiškas|persiunčiamas laiškas|persiųsto laiško pradžia|persiųstas pranešimas|pārsūtīts ziņojums|pārsūtītā ziņa|pārsūtītais ziņojums|pārsūtītā ziņojuma sākums|posredovano sporočilo|začetek posredovanega sporočila|прослеђена порука|prosleđena poruka|почетак прослеђене поруке|проследена порака|препратено писмо|начало на препратено съобщение|перасланае паведамленне|қайта жіберілген хабар|yönləndirilmiş mesaj|mesazh i përcjellë|ข้อความที่ส่งต่อ|เริ่มข้อความที่ส่งต่อ|ส่งต่อข้อความ|thư đã chuyển tiếp|thư được chuyển tiếp|tin nhắn đã chuyển tiếp|bắt đầu thư được chuyển tiếp|pesan terusan|pesan yang diteruskan|awal pesan terusan|pesan diteruskan|mesej dimajukan|mesej yang dimajukan|naipasang mensahe|ipinasang mensahe|پیام بازارسال‌شده|پیام فوروارد شده|پیام ارسال‌شده|پیام هدایت‌شده|شروع پیام هدایت‌شده|فارورڈ کردہ پیغام|अग्रेषित संदेश|ফরওয়ার্ড করা বার্তা|முன்னனுப்பிய செய்தி|გადაგზავნილი შეტყობინება|վերահասցեագրված հաղորդագրություն|áframsend skilaboð|framsent skeyti|aangestuurde boodskap|neges wedi'i hanfon ymlaen|转发邮件信息|转发信息|轉寄郵件訊息|轉發郵件|以下为转发内容|转发原文|המסר שהועבר|הודעה מועברת|תחילת ההודעה שהועברה|προωθημένο μήνυμα ξεκινά|έναρξη προωθημένου μηνύματος|továbbított e-mail|továbbított levél|przekazywana wiadomość|전달된 메일|전달한 메시지|전달된 이메일|転送されたメール|weitergeleitete mail";

const DASHES = "[-–—_=*]";

/** `-----Original Message-----`, with any dashes. */
export const ORIGINAL_SEPARATOR = new RegExp(
  `^\\s{0,8}${DASHES}{2,40}\\s{0,3}(?:${ORIGINAL_MESSAGE})\\s{0,3}:?\\s{0,3}${DASHES}{2,80}\\s*$`,
  "i",
);

/** `---------- Forwarded message ---------`, `Begin forwarded message:`. */
export const FORWARD_SEPARATOR = new RegExp(
  `^\\s{0,8}(?:${DASHES}{2,40}\\s{0,3}(?:${FORWARDED_MESSAGE})\\s{0,3}:?\\s{0,3}${DASHES}{2,80}|(?:${FORWARDED_MESSAGE})\\s?[:：])\\s*$`,
  "i",
);

/**
 * Dashes, a few words and as many dashes again, in whatever language; it counts only above another mail's header.
 */
export const ANY_SEPARATOR =
  /^[\s>]{0,8}(?:-{5,40}|_{5,40}|={5,40})\s{0,3}[\p{L}\p{M}][\p{L}\p{M} .'’-]{2,60}?\s{0,3}:?\s{0,3}(?:-{5,80}|_{5,80}|={5,80})\s*$/u;

/** …and with that header on the same line. */
export const ANY_SEPARATOR_RUN_ON =
  /^[\s>]{0,8}-{5,40}\s{0,3}[\p{L}\p{M}][\p{L}\p{M} .'’]{2,60}?\s{0,3}-{5,40}\s{0,3}(?=\S)/u;

/** Yahoo runs the separator and the header block below it together in its text. */
export const FORWARD_SEPARATOR_RUN_ON = new RegExp(
  `^[\\s>]{0,8}${DASHES}{2,40}\\s{0,3}(?:${FORWARDED_MESSAGE}|${ORIGINAL_MESSAGE})\\s{0,3}${DASHES}{2,80}\\s{0,3}(?=\\S)`,
  "i",
);
