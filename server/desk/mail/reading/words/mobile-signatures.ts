/**
 * The line that phones and apps put below a mail, by language. Where a pattern could begin a sentence of a person ("Sent by
 * courier"), a device or an app must stand in the line.
 */
const OPENINGS = [
  "sent (?:from|via|with|using|by|on)|sent on the go|(?:my )?sent from|(?:this (?:mail|message|e-?mail) was )?sent (?:from|via|by|with)|get \\[?outlook for|from my|composed on|written on|typed on|please excuse (?:any )?(?:brevity|typos)",
  "(?:diese (?:nachricht|mail|e-?mail) wurde )?(?:von|mit|über|aus|auf) .{1,60} (?:gesendet|verschickt|geschrieben)|(?:gesendet|verschickt|versendet|geschrieben) (?:von|mit|über|aus|auf|via)|outlook für .{0,20} (?:herunterladen|abrufen|beziehen|holen)|holen sie sich outlook",
  "(?:ce message a été )?envoyé(?:e)? (?:de|depuis|à partir|avec|par|via)|écrit sur|(?:télécharge[rz]?|obtenir|obtenez) (?:l.application )?outlook",
  "(?:este mensaje (?:fue|ha sido) )?enviad[oa] (?:desde|con|a través|por|via|do|de|a partir|dende)|(?:obtener|obt(?:er|enha)|descargar|baixar|consigue|obtén) (?:o )?outlook|enviat (?:des|amb|per|a través)|obt[eé]n(?:ir|iu)? (?:l['’])?outlook",
  "inviato (?:da|dal|dall['’]|con|tramite)|(?:ottieni|scarica) outlook",
  "(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van|door|op)|outlook voor .{0,20} (?:downloaden|ophalen)|(?:download|haal) outlook|gestuur vanaf|gestuur vanuit",
  "(?:wysłan[eoay]?|wysłano) (?:z|ze|za pomocą|przez)|(?:pobierz|uzyskaj) (?:aplikację |program )?outlook",
  "(?:odesláno|odoslané|poslané|posláno|odoslaná) (?:ze?|zo|pomocí|cez|s)|(?:získat|stáhnout|získať|stiahnuť|získejte) outlook",
  "skicka(?:t|ts|des) (?:från|med|via)|sendt (?:fra|med|via|gjennom)|(?:hämta|skaffa|hent|få) outlook|sent (?:úr|með|frá)|sæktu outlook",
  "lähetetty|(?:hanki|lataa) outlook|saadetud|hangi outlook",
  ".{1,60}(?:gönderildi|edinin|indirin|göndərildi|yuborildi)",
  "(?:отправлено|послано|надіслано|відправлено|адпраўлена|изпратено|испратено|послато|послано) (?:из|с|со|через|от|з|із|за|са|од|дапамогай)|(?:скачать|получить|загрузить|отримати|завантажити|изтегл\\p{L}{1,5} на|вземете|преузмите) outlook",
  "(?:poslano|poslato|послато) (?:s|sa|iz|z|са|из|putem|pomoću)|(?:nabavite|preuzmite|pridobite|prenesite) outlook|trimis (?:de pe|din|prin|cu)|(?:obțineți|descărcați) outlook|dërguar (?:nga|prej)|merrni outlook",
  ".{1,60}(?:küldve|küldtem|elküldve|küldött üzenet)|küldve|(?:az )?outlook (?:beszerzése|letöltése)",
  "(?:εστάλη|στάλθηκε|απεστάλη) (?:από|μέσω|με)|(?:λήψη|αποκτήστε|κατεβάστε) (?:του |το )?outlook",
  '(?:išsiųsta|siųsta) (?:iš|naudojant|per)|(?:gaukite|gauti) [„"]?outlook|(?:nosūtīts|sūtīts) (?:no|izmantojot)|(?:iegūstiet|iegūt) outlook|.{1,40}(?:bidalia|bidalita)',
  "נשלח (?:מ|דרך|באמצעות|על ידי)|(?:קבל|הורד|להורדת) (?:את )?outlook|(?:أُ?رسلت?|مُ?رسلة?|تم الإرسال|تم إرسال\\S{0,10}) (?:من|عبر|بواسطة)|(?:احصل على|الحصول على|تنزيل) outlook|(?:ارسال شده|فرستاده شده) (?:از|با|توسط)|.{1,40}ارسال شد(?:ه)?(?: است)?|(?:دریافت|دانلود) outlook",
  "(?:ส่ง|ส่งแล้ว)(?:จาก|โดย|ผ่าน)|(?:รับ|ดาวน์โหลด) outlook|(?:đã |được )?gửi (?:từ|bằng|qua|đi từ)|(?:tải|nhận|lấy) outlook|(?:dikirim|terkirim|dihantar) (?:dari|daripada|melalui|menggunakan|dengan)|(?:dapatkan|unduh) outlook|(?:ipinadala|naipadala) (?:mula|gamit|mula sa)|imetumwa kutoka",
  ".{1,40}(?:से भेजा गया|থেকে পাঠানো|இலிருந்து அனுப்பப்பட்டது)|(?:გაგზავნილია|ուղարկված է) .{1,40}",
  ".{1,40}から(?:の)?送信(?:されました|しました)?|.{1,30}で送信|(?:ios|android)? ?.{0,3}outlook .{0,20}を?入手(?:する)?|(?:获取|下载|取得|下載)(?:适用于|適用於)? ?(?:.{0,12}的 ?)?outlook.{0,20}|(?:从|從|由|用) ?.{1,24}(?:发送|傳送|寄出|发出)|.{0,10}发自(?:我的)?|.{0,5}从我的.{0,30}发送|.{0,10}傳自我的|.{1,30}에서 (?:보냄|보낸 메일|전송됨|발송)|.{1,20}outlook (?:다운로드|받기|가져오기)",
].join("|");

const LINK = "(?:\\s?[<([]{0,2}https?://\\S{1,400})?";
const FOOTER = new RegExp(
  `^\\s{0,4}(?:[-–—]{1,3}\\s?)?[(\\[*_<‏‎]{0,3}(?:${OPENINGS}).{0,80}?${LINK}[)\\]*_.>!]{0,3}\\s*$`,
  "iu",
);

const DEVICE =
  /i-?phon|i-?pad|i-?pod|\bios\b|android|samsung|galaxy|huawei|honor|xiaomi|redmi|oppo|vivo|oneplus|pixel|nokia|lumia|windows|black-?berry|\bhtc\b|sony|xperia|motorola|\bmoto\b|\blg\b|lenovo|asus|\bmac\b|macbook|mobil|móvil|movil|cellular|celular|\bcell\b|phone|handy|tablet|téléphone|teléfono|telefon|telefoon|puhelim|τηλέφων|κινητ|телефон|смартфон|мобил|טלפון|הנייד|هاتف|جوال|موبايل|گوشی|スマートフォン|携帯|スマホ|手机|手機|휴대|outlook|yahoo|gmail|mailbox|(?:fast|hush|proton|my)mail|mail\.ru|e-?mail-?app|\bapp\b|proton|tutanota|\btuta\b|spark|edison|bluemail|k-9|thunderbird|em client|airmail|aqua|\bnine\b|gmx|web\.de|aol|icloud|mymail|superhuman|\bhey\b|fairmail|zoho|polymail|newton|postbox|verizon|at&t|orange|t-mobile|vodafone|brevity|typos|\bgo\b/iu;

/** Yahoo's app: "Yahoo Mail: Search, Organize, Conquer". */
const SLOGAN = new RegExp(
  `^\\s{0,4}[(\\[*_<]{0,2}(?:at&t )?yahoo!? mail\\s?[:–-]\\s.{5,80}?${LINK}[)\\]*_.>]{0,3}\\s*$`,
  "iu",
);

/** "iPhone from Ann", and other shapes of old. */
const OTHERS = /^\s{0,4}(?:[-–—]{1,3}\s?)?[([*_<]{0,2}.{1,40} from (?:my )?mobile[)\]*_.>]{0,3}\s*$/i;

/** "Sent from my phone yesterday, and nothing came": a sentence of a person. */
const isSentence = (line: string) =>
  /[?？؟]/.test(line.replace(/https?:\/\/\S+/g, "")) ||
  line.split(/\s+/).length > 12 ||
  (/[,;]\s/.test(line) && !/excuse|brevity|typo|entschuldig|désolé|pardon|disculp|scus/i.test(line));

export const isMobileSignature = (line: string) =>
  line.length < 600 &&
  (OTHERS.test(line) || SLOGAN.test(line) || (FOOTER.test(line) && DEVICE.test(line) && !isSentence(line)));
