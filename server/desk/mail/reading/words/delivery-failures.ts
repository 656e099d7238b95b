/** What mail systems write above a mail that came back, by language. Lower case. */
export const FAILURE_SUBJECTS = [
  // English
  /^(re: ?)?(undeliver(able|ed)|mail (delivery|system|transport) (failed|failure|error|warning|unsuccessful)|delivery (status )?(notification|failure|report|problem|has failed|failed|to the)|delivery status|failure notice|returned mail|mail returned|returned to sender|warning: (could not|message)|message (delivery|status|not delivered|undeliverable|you sent blocked)|non-?delivery|delivery notification|failed delivery|could not send|nondeliverable|there was an error sending your mail|mail could not be delivered|mail not delivered|rejected:|loop alert|postmaster notify|delayed mail|mail delayed|your (mail|message|email) .{0,40}(not|could not|couldn't|blocked|undeliver|rejected|bounced)|\*\*message you sent blocked)/,
  /(undeliverable|undelivered mail|delivery failure|mail delivery (failed|system)|returned mail:|message blocked)/,
  // German
  /^(unzustellbar|nicht zustellbar|mail konnte nicht zugestellt|ihre (mail|e-?mail|nachricht) .{0,40}nicht|zustellung (fehlgeschlagen|nicht)|fehler bei der (zustellung|nachrichtenübermittlung)|übermittlungsfehler|rückläufer)/,
  // French
  /^(non remis|non distribuable|message non (remis|distribué|délivré)|échec de (la )?(remise|distribution)|courrier non remis|notification d.état de remise|avis de non.?remise)/,
  // Spanish, Portuguese, Italian
  /^(no se (pudo|puede) entregar|no entregado|no entregable|mensaje no entregado|correo (devuelto|no entregado)|fallo (de|en la) entrega|não entregue|não é possível entregar|falha na entrega|mensagem não entregue|non recapitabile|mancato recapito|impossibile recapitare|consegna non riuscita|messaggio non recapitato|notifica(ción)? (del|de|dello) (estado|stato)|posta elettronica non)/,
  // Dutch, Scandinavian, Finnish
  /^(niet te bestellen|onbestelbaar|niet afgeleverd|bezorging mislukt|kan niet worden bezorgd|kunde inte levereras|går inte att leverera|kan inte levereras|olevererbart|ikke leveret|kan ikke leveres|kunne ikke leveres|ulevert|ei voi toimittaa|ei toimitettu|ei toimitettavissa|ei voida toimittaa|toimitus epäonnistui|perille toimittamaton)/,
  // Polish, Czech, Hungarian, Turkish
  /^(niedostarczone|niedostarczalne|nie (można|udało się) dostarczyć|nie można dostarczyć|zwrot wiadomości|nedoručitelné|nedoručeno|nelze doručit|kézbesíthetetlen|teslim edileme(di|z|miyor)|iletilemedi|teslim edilemeyen)/,
  // Russian, Ukrainian, Japanese, Chinese, Korean
  /(недостав|не доставлен|не уда[её]тся доставить|не удалось доставить|не может быть доставлен|ваше сообщение не|ошибка доставки|не вдалося доставити|недоставлене|配信不能|配信できません|配達できません|送信できません|エラーメール|メール.{0,6}エラー|エラー.{0,6}(通知|連絡|お知らせ)|戻りメール|不達|未着|退信|无法送达|无法投递|未送达|無法傳遞|投递失败|配信失敗|전송 실패|반송)/,
];

/** What they write inside. One of these and a robot for a sender make a bounce. */
export const FAILURE_WORDS =
  /(could ?n[o']t be (delivered|sent)|could not (deliver|be delivered)|cannot (be )?deliver|can't be delivered|was(n't| not) (able to be )?delivered|undeliver(able|ed)|unable to deliver|not able to deliver|delivery (has (been )?(failed|delayed)|failed|failure|error|attempt|to (the following|these|this)|of (your|the|this) (message|mail|e-?mail))|has not (yet )?been delivered|failed to deliver|permanent (fatal )?error|fatal errors|not (been )?delivered|(message|mail) (was|has been) (returned|rejected|blocked|bounced|refused)|returned (to sender|message|mail)|user (unknown|not found|account is disabled)|no such (user|recipient|mailbox)|unknown (user|recipient|local)|mailbox (is )?(full|unavailable|not found|disabled|exceeded)|over quota|quota exceeded|disk quota|(recipient|address|sender|relay(ing)?) (rejected|denied)|host (unknown|not found)|said: ?[45]\d\d|delivery temporarily suspended|undelivered|hop count|loop alert|duplicated message-id|could not be reached|nicht zugestellt|nicht zustellbar|unzustellbar|unbekannter empfänger|postfach (ist )?voll|pas pu être (remis|distribué|délivré)|non remis|no se (pudo|puede|ha podido) entregar|não (pôde|foi possível) (ser )?entreg|impossibile recapitare|non (è stato|può essere) (recapitato|consegnato)|niet (worden )?(bezorgd|afgeleverd)|kunde inte levereras|kunne ikke leveres|ei voitu toimittaa|nie (można|mogła) .{0,30}dostarcz|nelze doručit|nebyla doručena|teslim edilemedi|не (было|может быть|удалось) достав|не доставлено|宛先|配信|届け|送信でき|無法|无法)/i;

/** RFC 3464 without its part, in the words of well-known systems: what an answer says of its cause. */
export const CAUSES: [RegExp, status: string][] = [
  [
    /mailbox (is )?full|over ?quota|quota exceeded|exceeded (its |the )?(storage|quota)|disk quota|postfach (ist )?voll|boîte .{0,20}pleine/i,
    "5.2.2",
  ],
  [
    /user unknown|unknown user|no such (user|recipient|mailbox|address)|user (not found|does ?n[o']t exist)|mailbox (not found|unavailable|does not exist)|recipient (unknown|not found)|unknown (recipient|local)|not listed in|invalid (recipient|mailbox)/i,
    "5.1.1",
  ],
  [/host (unknown|not found)|domain (not found|does not exist)|no such (host|domain)|unrouteable/i, "5.1.2"],
  [/(message|mail) (size|too (big|large))|exceeds? .{0,30}size|too large/i, "5.3.4"],
];

/** Exchange's own address and the daemons of mail servers: nobody writes from them but the server. */
export const DAEMON_ADDRESS =
  /^(microsoftexchange[0-9a-f]{32}|mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|mail[-_.]delivery[-_.](sub)?system)(@|$)/i;
/** Local parts that mail systems write from, and sometimes the people who keep them. */
export const ROBOT_ADDRESS =
  /^(microsoftexchange[0-9a-f]{32}|mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|post[-_]?master|poostmaster|mail[-_.]delivery([-_.](sub)?system)?|bounces?)(@|$)/i;
export const DAEMON_NAME =
  /\b(mail(er)?[ -]daemon|mail deliver(y|er)? (sub)?system|delivery (sub)?system|internet mail delivery|system administrator)\b/i;
/** Local parts that nobody reads. */
export const NOBODY_ADDRESS =
  /^(no[-_.]?reply|do[-_.]?not[-_.]?reply|(.{1,64}[-_.+])?no[-_.]?reply|nicht[-_.]?antworten|ne[-_.]?pas[-_.]?repondre|no[-_.]?responder|noreturn|robot|bot|bounces?([-_+.=].{0,200})?|double-bounce|daemon|mta)(@|$)/i;
/** …and those of a whole office. A mail of ours that comes back from one of these was not delivered. */
export const OFFICE_ADDRESS =
  /^(info|errors?|mail|mailer|system|admin|administrator|root|mx|smtp|server|gateway|postoffice|returns?|undeliverable|delivery|notif(ications?|y)|alerts?)(@|$)/i;
/** How a person begins, by language; a mail server does not greet. */
export const GREETING =
  /^[\s"'*]{0,8}(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|moin|sehr geehrte|liebe[rs]?|bonjour|bonsoir|madame|monsieur|hola|estimad|buen[oa]s|ciao|buongiorno|buonasera|gentil|salve|olá|prezad|car[oa]|bom dia|boa tarde|beste|geachte|goede(?:morgen|middag|ndag)|dag|dzień dobry|witam|szanown|dobrý den|dobrý deň|vážen|hej|hejsan|bästa|kære|kjære|hei|tere|sveiki|labas|dobar dan|zdravo|tisztelt|kedves|jó napot|bună|stimat|здравствуйте|добрый|уважаем|вітаю|добрий|шановн|здравейте|добър|お世話|こんにちは|はじめまして|您好|你好|안녕|merhaba|sayın|γεια|καλημέρα|αγαπητ|שלום|مرحبا|السلام|سلام|สวัสดี|xin chào|kính|halo|selamat)(?![\p{L}\p{M}]{4})/iu;
