/**
 * What mail programs write before the subject they answer automatically: "Automatic reply: …". Outlook's own words come
 * first, in every language it ships in, then those of others. Lower case. A person may begin a subject with the same words,
 * so `kinds/auto-reply.ts` asks for a colon behind them, or for a header.
 */
const PREFIXES = [
  "automatic (?:reply|response|answer)|auto[- ]?(?:reply|response|answer|responder|respond|generated (?:reply|response))|out of (?:the )?office(?: (?:reply|autoreply|notification|notice|message|response))?|(?:i am |i'm )out of (?:the )?office|away from (?:the |my )?office",
  "automatische antwort|automatische (?:abwesenheit|antwortmail|rückantwort|benachrichtigung)|abwesenheits(?:notiz|nachricht|meldung|assistent|benachrichtigung|mitteilung|info)",
  "réponse automatique|réponse auto|absence du bureau|message d['’]absence|avis d['’]absence|notification d['’]absence",
  "respuesta automática|autorrespuesta|contestación automática|fuera de (?:la )?oficina",
  "risposta automatica|fuori (?:sede|ufficio)|messaggio di assenza|avviso di assenza",
  "automatisch antwoord|automatische? (?:reactie|beantwoording)|afwezigheids(?:bericht|melding|assistent)|niet op kantoor",
  "resposta automática|resposta autom[aà]tica|ausência temporária|ausência do escritório|fora do escritório|ausente do escritório|fora da oficina|fora de l['’]oficina",
  "odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|poza biurem|jestem poza biurem",
  "automatická odpověď|automatická odpoveď|mimo kancelář|mimo kancelárie|nejsem v kanceláři",
  "autosvar|automatiskt? svar|automatisk(?:t)? besvarelse|frånvaromeddelande|inte på kontoret|ikke på kontoret|fraværs(?:meddelelse|melding|besked)|sjálfvirkt svar|ekki við",
  "automaattinen vastaus|poissaolo(?:viesti|ilmoitus|vastaus)|en ole paikalla|automaatvastus|automaatne vastus|kontorist väljas",
  "otomatik (?:yanıt|cevap)|ofis dışında(?:yım)?|avtomatik cavab|avtomatik javob|автоматты жауап|автоматтык жооп|автоматик җавап",
  "автоматический ответ|автоответ(?:чик)?|вне офиса|нет на работе|автоматична відповідь|автовідповідь|поза офісом|немає на роботі|аўтаматычны адказ|автоматичен отговор|извън офиса|аутоматски одговор|автоматски одговор|ван канцеларије",
  "automatski odgovor|izvan ureda|van kancelarije|samodejni odgovor|samodejno odgovor|përgjigje automatike|răspuns automat|în afara biroului|automatikus válasz|házon kívül",
  "αυτόματη απάντηση|εκτός γραφείου|aŭtomata respondo|automatinis atsakymas|nėra biure|automātisk(?:ā|a) atbilde|erantzun automatikoa|bulegotik kanpo|ateb awtomatig|freagra uathoibríoch|freagairt fhèin-obrachail|tweġiba awtomatika|automatesch äntwert|outomatiese antwoord|buite kantoor",
  "מענה אוטומטי|תשובה אוטומטית|תגובה אוטומטית|מחוץ למשרד|رد تلقائي|الرد التلقائي|رد آلي|إجابة تلقائية|خارج المكتب|پاسخ خودکار|پاسخ اتوماتیک|خارج از دفتر|خودکار جواب|خودکار جوابی",
  "ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ|ข้อความตอบกลับอัตโนมัติ|ไม่อยู่ที่สำนักงาน|trả lời tự động|thư trả lời tự động|phản hồi tự động|balasan otomatis|jawaban otomatis|balas otomatis|di luar kantor|balasan automatik|jawapan automatik|di luar pejabat|awtomatikong (?:tugon|sagot)|jibu otomatiki|jibu la kiotomatiki|majibu ya moja kwa moja",
  "स्वचालित (?:उत्तर|जवाब|प्रत्युत्तर)|स्वयंचलित (?:उत्तर|प्रत्युत्तर)|কার্যালয়ের বাইরে|স্বয়ংক্রিয় (?:উত্তর|জবাব)|தானியங்கு பதில்|స్వయంచాలక ప్రత్యుత్తరం|ಸ್ವಯಂಚಾಲಿತ ಪ್ರತ್ಯುತ್ತರ|സ്വയമേവയുള്ള മറുപടി|સ્વયંચાલિત પ્રત્યુત્તર|ਸਵੈਚਲਿਤ ਜਵਾਬ|ස්වයංක්‍රීය පිළිතුර|ავტომატური პასუხი|ինքնաշխատ պատասխան|ավտոմատ պատասխան|አውቶማቲክ ምላሽ|ការឆ្លើយតបស្វ័យប្រវត្តិ|автомат хариу",
  "自動応答(?:メッセージ)?|自動返信(?:メール)?|不在(?:通知|応答|のお知らせ|連絡)?|自动(?:答复|回复|应答)|自動(?:回覆|回復|答覆|回信)|外出(?:通知|自动回复|自動回覆)?|不在办公室|不在辦公室|자동 ?(?:회신|응답|답장)|부재 ?중(?: ?(?:알림|메시지|응답))?",
].join("|");

/** Words for being away. Whoever writes about an absence may put a colon behind them, too: only where a header says more. */
const ABSENCES = [
  "(?:i am |i'm )?on (?:annual |parental |maternity |sick )?(?:leave|vacation|holiday)|away|ooo|absence|absent|vacation (?:reply|response|message|notice)|absence notice",
  "abwesenheit|abwesend|nicht im (?:büro|haus)|außer haus|urlaubs(?:notiz|meldung|nachricht)|absente?(?:\\(e\\))?(?: du bureau)?|hors du bureau|en congés?|ausente(?: de la oficina)?|mensaje de ausencia|de vacaciones|assente(?: dall['’]ufficio)?|afwezigheid|niet aanwezig|afwezig|aus[eê]ncia",
  "nieobecność(?: w biurze)?|nieobecny|nepřítomnost|neprítomnosť|frånvaro|frånvarande|fravær|fraværende|ikke til stede|fjarvera|poissaolo|poissa(?: toimistosta)?|eemal|отсутствие(?: на рабочем месте)?|відсутність|odsutnost|odsoten|odsotnost|absență|szabadságon|távollét|απουσία|prombūtne|היעדרות|vắng mặt|不在|外出中|休暇中|休假(?:通知|中)?|외출 중",
].join("|");

/** At the start of a subject in lower case: the words, and whether a colon or the end of the subject follows at once. */
export const AUTO_REPLY_SUBJECT = new RegExp(
  `^(?:(?:${PREFIXES})(?![\\p{L}\\p{M}\\d])\\s?(?<colon>[:：﹕])?|(?:${ABSENCES})(?![\\p{L}\\p{M}\\d]))`,
  "u",
);

/** A word for "automatic" in a prefix of at most four words, in a language that has none above; only where a header says more. */
export const AUTOMATIC_STEM =
  /^(?:[\p{L}\p{M}'’-]{1,24} ){0,3}?(?:auto|aŭto|awto|avto|outo|uatho|авто|аўто|αυτόμ|otoma|samodej|sjálfvirk|ავტომ|ավտոմ|אוטומט|تلقائ|خودکار|tự động|อัตโนมัติ|स्वचालित|自動|自动|자동)[\p{L}\p{M}'’-]{0,24}(?: [\p{L}\p{M}'’-]{1,24}){0,3}\s?[:：]/u;

/** "Ann Miller is out of the office (returning 12 July)", as Notes and others write it; only where a header says more. */
export const ABSENCE_SUBJECT =
  /\b(?:is |i am |am )?(?:currently )?(?:out of (?:the )?office|on (?:vacation|holiday|leave))\b|\bist (?:außer haus|abwesend|nicht im (?:büro|haus))\b|\best absente?\b|\bestá (?:ausente|fuera)\b|\bè assente\b|\bis afwezig\b|\bär frånvarande\b/;
