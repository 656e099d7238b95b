/** What other desks write above their mail: only words above that line are read. "Above this line", by language. */
const ABOVE = new RegExp(
  [
    "(?:above|over|before) (?:this|the) (?:line|text|message|marker|mark)",
    "(?:über|oberhalb)(?: von)? (?:dieser|diese|der) (?:zeile|linie|markierung)",
    "boven deze (?:regel|lijn|tekst)",
    "au[- ]dessus (?:de )?(?:cette|la) ligne|avant cette ligne",
    "(?:por )?(?:encima|arriba) de (?:esta|la) l[ií]nea|sobre esta l[ií]nea",
    "(?:sopra|al di sopra di) (?:questa|la) (?:linea|riga)|sopra a questa riga",
    "acima (?:desta|dessa|da) linha",
    "per sobre d['’]aquesta línia|sobre aquesta línia|por riba desta liña|lerro honen gainean",
    "(?:över|ovanför) (?:den här |denna )(?:raden|rad|linjen|linje)|(?:over|ovenfor) (?:denne|linjen|denne her) ?(?:linjen?)?|fyrir ofan þessa línu",
    "(?:tämän|tämän) (?:rivin|viivan) (?:yläpuolelle|yläpuolella|ylle)|selle (?:rea|joone) kohale",
    "(?:powyżej|nad) (?:tej|tą) (?:linii|linią|kreski|kreską)",
    "nad (?:tuto|tento|tímto|tuto|týmto|túto|tento) (?:linii|linku|čáru|řádek|řádkem|riadok|riadkom|čiaru|liniu)",
    "(?:e|ezen?|a) (?:sor|vonal) fölé|e fölé a (?:sor|vonal) fölé|vonal fölé",
    "deasupra (?:acestei|acestui) (?:linii|rând)",
    "bu (?:satırın|çizginin|satırdan) (?:üstüne|üzerine|üstünde|yukarı|önce)",
    "(?:выше|над) (?:этой|данной|этой) (?:строк[иой]{1,2}|лини[иейю]{1,2}|черт[ыой]{1,2})|(?:вище|над) (?:цієї|цим|цього|цією) (?:лінії|рядком|рядка|лінією)",
    "над (?:този|тази) (?:ред|линия)|изнад ове (?:линије|црте)|iznad ove? (?:linije|crte|retka)|nad to (?:vrstico|črto)|virš šios (?:eilutės|linijos)|virs šīs (?:rindas|līnijas)|mbi këtë (?:rresht|vijë)",
    "πάνω από αυτή(?:ν)? τη(?:ν)? γραμμή",
    "(?:この|上記の)(?:線|行|ライン|罫線)(?:より|の)?上|(?:在)?(?:此|这|這|本)(?:一)?(?:行|线|線)(?:的)?(?:以上|之上|上方|上面)|이 (?:줄|선|라인|행) ?(?:위|이상)",
    "فوق هذا (?:السطر|الخط)|بالای این (?:خط|سطر)|מעל (?:ל)?(?:שורה|קו) (?:זו|זה|הזו|הזה)",
    "เหนือ(?:บรรทัด|เส้น)นี้|(?:phía )?trên (?:dòng|đường) này|di atas (?:baris|garis) ini|इस (?:लाइन|पंक्ति|रेखा) के ऊपर",
  ].join("|"),
  "iu",
);

/** Words for answering and writing: a marker asks for an answer; a person who writes "above this line" need not. */
const ANSWER =
  /repl|respon|answer|type|write|comment|antwort|schreib|répon|écri|contest|escri|rispo|rispon|scriv|antwoord|typ|svar|skriv|vasta|kirjoit|odp|pisz|odpov|piš|válasz|írj|răspun|scrie|yanıt|cevap|yaz|отве|пиш|відпов|απαντ|γράψ|отгов|odgovor|одговор|atsak|atbild|përgjig|返信|回答|記入|入力|回复|回覆|答复|답장|회신|입력|رد|پاسخ|השב|תגובה|ตอบ|พิมพ์|trả lời|balas|erantzun|उत्तर|जवाब|vasta/iu;

/** Drawn around a marker. */
const DRAWN = /^\s{0,8}(?:[#=*_~<>[({|–—-]\s?){2,40}.{1,120}?(?:[#=*_~<>\])}|–—-]\s?){2,40}\s*$/;

/** Zendesk's own form, in whatever language. */
const HASHES = /^\s{0,8}#{2,10}\s?[-–—]{1,3}\s?\S.{3,120}?\s?[-–—]{1,3}\s?#{2,10}\s*$/;

/** "##- Please type your reply above this line -##", with hashes, dashes or nothing around it. */
export function isReplyMarker(line: string): boolean {
  if (line.length > 200) return false;
  if (HASHES.test(line)) return true;
  const above = ABOVE.exec(line);
  if (!above) return false;
  if (DRAWN.test(line)) return true;
  // Alone on its line: it asks for an answer, and hardly a word follows; languages differ in what stands last.
  return ANSWER.test(line) && line.trim().split(/\s+/).length <= 14 && !/[?？]\s*$/.test(line);
}
