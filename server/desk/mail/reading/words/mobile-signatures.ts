/** The line that phones and apps put below a mail, by language. */
export const MOBILE_SIGNATURE = new RegExp(
  `^\\s{0,4}(?:[-–—]{1,3}\\s?)?[(\\[*_<]{0,2}(?:${[
    "sent (?:from|via|with|using|by|on) .{0,60}|sent from my .{0,60}|get \\[?outlook for .{0,80}|from my (?:iphone|ipad|phone|mobile|android|blackberry).{0,30}|.{1,40} from (?:my )?mobile|(?:my )?sent from (?:iphone|android).{0,40}|(?:this (?:mail|message) was )?sent (?:from|via) .{0,60}",
    "von (?:meinem|meiner)\\S{0,10} .{0,60} gesendet|gesendet (?:von|mit|über|aus) .{0,60}|diese nachricht wurde von .{0,60} gesendet|outlook für .{0,20} (?:herunterladen|abrufen|beziehen)|von .{0,30}(?:iphone|ipad|android|handy|smartphone|samsung).{0,30} gesendet|holen sie sich outlook .{0,30}",
    "envoyé (?:de|depuis|à partir|avec|par|via) .{0,60}|télécharge[rz]? outlook .{0,40}|obtenir outlook .{0,40}|obtenez outlook .{0,40}",
    "enviado (?:desde|con|a través|por|via|do|de) .{0,60}|enviada (?:do|de|desde|a partir) .{0,60}|obtener outlook .{0,40}|obt(?:er|enha) (?:o )?outlook .{0,40}",
    "inviato (?:da|dal|con|tramite) .{0,60}|ottieni outlook .{0,40}|scarica outlook .{0,40}",
    "verzonden (?:vanaf|vanuit|met|via|van|door) .{0,60}|verstuurd (?:vanaf|vanuit|met|via|van) .{0,60}|outlook voor .{0,20} (?:downloaden|ophalen)|download outlook .{0,40}",
    "wysłane? (?:z|za pomocą|przez) .{0,60}|wysłano z .{0,60}|(?:pobierz|uzyskaj) (?:aplikację |program )?outlook .{0,40}",
    "odesláno ze? .{0,60}|odoslané z .{0,60}|poslané z .{0,60}|(?:získat|stáhnout) outlook .{0,40}",
    "skicka(?:t|ts|des) från .{0,60}|sendt fra .{0,60}|(?:hämta|skaffa) outlook .{0,40}|hent outlook .{0,40}|få outlook .{0,40}",
    "lähetetty .{0,60}|hanki outlook .{0,40}",
    ".{0,40}(?:iphone|ipad|telefon|android|samsung|galaxy).{0,20} gönderildi|.{0,20}windows .{0,20}ile gönderildi|.{0,20}outlook.{0,20} edinin",
    "отправлено (?:из|с|через|от) .{0,60}|надіслано (?:з|із) .{0,60}|(?:скачать|получить|загрузить) outlook .{0,40}",
    ".{0,30}(?:iphone|ipad|android|スマートフォン|galaxy|outlook|windows .{0,10}メール).{0,10}から送信|(?:ios|android)? ?.{0,3}outlook .{0,20}を?入手(?:する)?|(?:获取|下载|取得|下載)(?:适用于|適用於)? ?(?:.{0,12}的 ?)?outlook.{0,20}|(?:从|從) ?(?:我的|windows|iphone|ipad|galaxy|android).{0,24}(?:发送|傳送|寄出)|.{0,10}发自我的.{0,30}|.{0,5}从我的.{0,30}发送|.{0,10}傳自我的.{0,30}|나의 .{0,20}에서 보냄",
    "trimis (?:de pe|din) .{0,60}|küldve .{0,60}|poslano s .{0,60}",
  ].join("|")})[)\\]*_.>]{0,3}\\s*$`,
  "i",
);
