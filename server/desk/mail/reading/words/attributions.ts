/** The verb in the line above a quote ("Ann wrote:"), by language. */
const WROTE = [
  "wrote|writes|write|said|has written",
  "schrieb|schreibt|hat geschrieben|geschrieben",
  "a écrit|écrit|écrivait|ecrit",
  "escribió|escribio|ha escrito",
  "ha scritto|scrive|scrisse|scritto",
  "schreef|heeft (?:.{0,80} )?geschreven|het volgende geschreven",
  "escreveu|escreveram",
  "napisał(?:\\(a\\)|a)?|pisze|napisali|napisana przez",
  "napsal(?:\\(a\\)|a)?|napísal(?:\\(a\\)|a)?|píše",
  "skrev|skrev följande|skreiv|schrëif",
  "kirjoitti|kirjutas",
  "yazdı|şunu yazdı|şunları yazdı|yazdi",
  "написал(?:\\(-?а\\)|а)?|пишет|писал(?:\\(а\\)|а)?|написав(?:\\(ла\\))?|написала|пише|написа",
  "írta|ezt írta",
  "a scris",
  "napisao(?:/la)?|napisala|je napisao|je napisala|piše",
  "έγραψε",
  "rašė|rakstīja",
  "さん(?:は|が)(?:書きました|次のように書きました)|は書きました|のメール|wrote",
  "写道|寫道|來信|来信|写到",
  "작성|님이 작성",
  "כתב(?:ה)?|كتب",
  "đã viết|menulis|เขียนว่า|เขียน",
  "va escriure|ha escrit|va escriure el següent|escriviu|escribiu",
  "idatzi du|idatzi zuen|honako hau idatzi du|honela idatzi du",
  "napísal\\(a\\)|je napísal",
  "је написао(?:/ла)?|је написала|написао/ла|написао|напиша|написа\\(а\\)",
  "je napisal(?:/a|a)?|je napisal\\(a\\)|napisal/a",
  "parašė|rakstīja|uzrakstīja",
  "نوشت|نوشته است|نوشته‌اند|کتب|تحریر کیا|نے لکھا",
  "напісаў(?:\\(-ла\\))?|піша|жазды|былай деп жазды",
  "yazıb|yazdı",
  "shkroi|ka shkruar",
  "skrifaði|skrifar",
  "ने लिखा|लिखा|লিখেছেন|எழுதியது|వ్రాసారు",
  "დაწერა|წერს|գրել է|գրեց",
  "aliandika|ameandika|sumulat|isinulat ni",
  "het geskryf|geskryf|ysgrifennodd|scríobh|kiteb|skribis",
  "님이 작성한 내용|님이 작성|님이 쓴 글|님이 다음과 같이 썼습니다",
  "さんからのメール|さんのメール|のメッセージ|さんが書いた",
].join("|");

/** The verb stands where words stand: at a blank or a sign, not inside another word. */
export const WROTE_VERB = new RegExp(`(?:^|[\\s,>)"'\\u3000日)）]|\\d)(?:${WROTE})(?:$|[\\s:：,.;<("'–—-])`, "i");

/** How such a line begins, by language: On, Am, Le, El, Il, Op, Em, W dniu, Dne, Den, На, Пн, … */
export const ATTRIBUTION_OPENING =
  /^(?:on|at|am|le|el|en|il|op|em|no dia|às|w dniu|dnia|dne|dňa|v|den|på|tors|fre|lör|sön|mån|tis|(?:ma|ti|ke|to|pe|la|su)\.? \d.*|в|от|у|в?сб|пн|вт|ср|чт|пт|вс|нд|în|wiadomość napisana|在|dana|στις|pada|vào|في|ב|on behalf of|in article|in message|quoting|zitat von|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|missatge de|mensaxe de|mensaje de|mensagem de|message de|messaggio di|nachricht von|bericht van|wiadomość od|ve|ngày|vào ngày|pada tanggal|tanggal|در|בתאריך|ב-|ใน|เมื่อ|дана|u|у|el dia|o dia|li|la data de|pirmd|otrd|trešd|ceturtd|piektd|sestd|svētd|pr|an|tr|kt|pn|št|sk)(?=[\s,.:]|$)/i;

/** "Quoting Ann <ann@example.com>:", as webmail of old has it. */
export const QUOTING =
  /^(?:quoting|zitat von|zitiere|citando(?: a)?|citation de|citerar|citerer|citeren van|cytat od|citace|цитирую|цитата от|citát)\s/i;

/** "The user Ann Miller wrote:", as some languages have it. */
export const USER_WORDS =
  /^(?:používateľ|používateľka|uživatel|uživatelka|użytkownik|użytkowniczka|user|odesílatel|odosielateľ|nadawca|korisnik|korisnica|uporabnik|пользователь|користувач|потребител|потребителят|корисник|карыстальнік|benutzer|benutzerin|gebruiker|brugeren|brukeren|användaren|käyttäjä|kasutaja|lietotājs|vartotojas|utilisateur|utilisatrice|usuario|usuária|usuário|utilizador|utente|usuari|utilizatorul|felhasználó|kullanıcı|kullanıcısı|χρήστης|ο|η|המשתמש|المستخدم|کاربر|ผู้ใช้|người|pengguna|istifadəçi|përdoruesi)$/iu;
