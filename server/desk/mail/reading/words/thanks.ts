/**
 * What people write who only thank, in sixteen languages. Each line is the source of a regular
 * expression over lower-case words with one blank between them. `thanks` thanks; `around` may stand beside it: praise,
 * a salutation, a farewell. Nothing here may carry a wish: "in advance", "please" and "but" are missing on purpose.
 */
type Phrases = { thanks: string[]; around: string[] };

const english: Phrases = {
  thanks: [
    "(many |a thousand |ok |okay )?(thanks|thx|thanx|tnx)( (a lot|a million|so much|very much|again|all|everyone|everybody|both|guys|team))*",
    "(a big |a huge |ok |okay )?(thank you|thankyou|thank u)( (so much|very much|again|all|everyone|everybody|both|guys|team))*",
    "(thanks|thank you)( (so|very) much)? for (your|the|all your|all the)( (very )?(quick|fast|prompt|kind|great|swift|excellent))? (help|support|reply|response|answer|assistance|service|feedback|information|info|update|effort|efforts|work|patience)",
    "(much|greatly|very much|really) appreciated",
    "(i|we) (really |very much )?appreciate (it|that|your (help|support|work|effort|efforts|quick reply))",
  ],
  around: [
    "(hi|hello|hey|dear)( (all|both|team|everybody|everyone|together))?",
    "(that is |that s |this is )?(great|perfect|super|wonderful|excellent|awesome|brilliant|fantastic|lovely|very kind( of you)?)( (help|support|service|work|job))?",
    "((with )?(best|kind|kindest|warm|warmest|many) )?(regards|wishes|greetings)",
    "all the best|best|cheers|sincerely|yours( sincerely| truly)?|sincerely yours",
    "have a (nice|great|good|lovely) (day|evening|weekend|week)",
  ],
};

const german: Phrases = {
  thanks: [
    "(ok |okay |super |prima |perfekt )?(vielen |herzlichen |besten |lieben |tausend )*dank( (nochmals?|noch mal|noch einmal))?",
    "(ok |okay |super |prima |perfekt )?dankeschön|(ok |okay |super |prima |perfekt )?danke( (schön|sehr|vielmals|nochmals?|noch mal|euch|ihnen|dir|allen|auch))*",
    "(ich danke|wir danken)( (ihnen|euch|dir))?( (sehr|herzlich|vielmals))?",
    "((vielen |herzlichen |besten |lieben )*dank|danke( (schön|sehr|vielmals))?|(ich danke|wir danken) (ihnen|euch|dir)) für (die|ihre|eure|deine)( (sehr )?(schnelle|rasche|prompte|freundliche|gute|tolle|super))? (hilfe|unterstützung|antwort|rückmeldung|hilfestellung|info|information|mühe|bearbeitung|erledigung|arbeit)",
  ],
  around: [
    "(hallo|hi|moin|servus|guten (tag|morgen|abend))( zusammen| team)?|(liebes|hallo liebes) team|sehr geehrte damen und herren",
    "(das ist )?(super|prima|perfekt|toll|wunderbar|klasse|ausgezeichnet|großartig|spitze|bestens|sehr nett)",
    "(mit )?(freundlichen|freundliche|besten|beste|herzlichen|herzliche|vielen|viele|lieben|liebe|schönen|schöne) (grüßen|grüße|grüssen|grüsse|gruß|gruss)|(lg|vg|mfg|bg)",
    "(freundlicher |bester |lieber |herzlicher |schöner )?(gruß|gruss)",
    "(ich wünsche (ihnen|euch|dir) )?(einen |noch einen )?(schönen|schönes) (tag|abend|feierabend|wochenende)( noch)?",
  ],
};

const french: Phrases = {
  thanks: [
    "(ok |parfait |super |un grand |mille |grand )?mercis?( (beaucoup|bien|infiniment|encore|à (vous|tous|toi)|mille fois))*",
    "je vous remercie( (beaucoup|infiniment|vivement))?|nous vous remercions( (beaucoup|infiniment|vivement))?",
    "(merci( (beaucoup|bien|infiniment))?|je vous remercie|nous vous remercions) (pour|de) (votre|ton|vos|la|l) ?(aide|réponse|retour|support|soutien|assistance|réactivité|intervention|service)( (rapide|précieuse|si rapide))?",
  ],
  around: [
    "bonjour( à tous)?|bonsoir|salut|madame monsieur",
    "(c est )?(parfait|super|génial|excellent|formidable|impeccable|top|très gentil)",
    "(bien )?cordialement|(bien )?à vous|salutations( distinguées)?|(meilleures|sincères) salutations|cdlt|bien à vous",
    "(bonne|belle) (journée|soirée|semaine)( à vous| à tous)?|bon week end",
  ],
};

const spanish: Phrases = {
  thanks: [
    "(ok |perfecto |mil |muchas |muchísimas )*gracias( (de nuevo|a (todos|ti|usted|ustedes|vosotros)|otra vez))*",
    "(se |os |te |le |les )?(lo )?(agradezco|agradecemos)( (mucho|mucho su ayuda|su ayuda|tu ayuda))?|muy agradecid[oa]s?",
    "((mil |muchas |muchísimas )*gracias) por (su|tu|vuestra|la|el)( (gran|rápida|pronta))? (ayuda|respuesta|apoyo|atención|soporte|gestión|información|colaboración)( rápida)?",
  ],
  around: [
    "(hola|buenos días|buenas tardes|buenas noches|buenas|estimados|estimado|estimada)( a todos| equipo)?",
    "(es )?(perfecto|genial|estupendo|excelente|fantástico|fenomenal|muy amable)",
    "(un )?(cordial |cordiales |atentos? )?saludos?( cordial(es)?)?|atentamente|un abrazo",
    "(que (tenga|tengas|tengan) )?(un )?(buen|feliz) (día|fin de semana)",
  ],
};

const italian: Phrases = {
  thanks: [
    "(ok |perfetto |mille |molte |tante )*grazie( (mille|infinite|ancora|tante|di cuore|a (tutti|te|lei|voi)))*",
    "(ti|la|vi) ringrazi(o|amo)( (molto|tanto|ancora|di cuore))?",
    "((mille |molte |tante )*grazie( (mille|infinite|tante))?|(ti|la|vi) ringrazi(o|amo)) per (la (sua|tua|vostra)|il (suo|tuo|vostro)|la|il|l) ?(gentile |rapida |veloce |pronta )?(aiuto|risposta|supporto|assistenza|disponibilità|riscontro|collaborazione)( rapida| veloce)?",
  ],
  around: [
    "(ciao|salve|buongiorno|buonasera)( a tutti)?|gentilissimi|gentili",
    "(è )?(perfetto|ottimo|fantastico|eccellente|splendido|gentilissim[oi]|molto gentile)",
    "(cordiali|distinti|cari|migliori) saluti|(un )?cordiale saluto|saluti|cordialmente",
    "buona (giornata|serata|settimana)|buon (lavoro|weekend|fine settimana)",
  ],
};

const dutch: Phrases = {
  thanks: [
    "(ok |oké |super |heel erg |hartelijk |ontzettend |veel |heel veel |prima )*(dank ?(je|u|jullie)?( wel)?|bedankt|dankjewel|dankuwel|thanks)( (nogmaals|allemaal|wel))*",
    "nogmaals (hartelijk )?(dank|bedankt)",
    "(hartelijk |heel erg |veel )?(dank|bedankt|dank (je|u)( wel)?) voor (de|uw|je|jullie)( (snelle|goede|vlotte|fijne))? (hulp|reactie|antwoord|ondersteuning|service|moeite|informatie|terugkoppeling)|bedankt voor het (snelle )?antwoord",
  ],
  around: [
    "(hallo|hoi|dag|beste|goedemorgen|goedemiddag|goedenavond)( allemaal| team)?",
    "(dat is )?(super|perfect|top|geweldig|fantastisch|prima|uitstekend|heel fijn)",
    "(met )?(vriendelijke|hartelijke|beste) (groet|groeten)|groet|groeten|groetjes|mvg",
    "(een )?(fijne|prettige) (dag|avond|week|weekend)|fijn weekend",
  ],
};

const portuguese: Phrases = {
  thanks: [
    "(ok |perfeito |muito |muitíssimo )*obrigad[oa]s?( (mais uma vez|novamente|a todos|pela atenção))*",
    "agradeço|agradecemos|(muito )?grat[oa]|valeu|(muitos )?agradecimentos",
    "((muito )?obrigad[oa]s?|agradeço|agradecemos) (pel[oa]|a|o)( (sua|seu|vossa|vosso|tua|teu))?( (rápida|pronta|excelente))? (ajuda|resposta|apoio|suporte|atenção|retorno|colaboração|atendimento)( rápid[oa])?",
  ],
  around: [
    "(olá|oi|bom dia|boa tarde|boa noite|prezados|prezado|prezada|caros)( a todos)?",
    "(está )?(perfeito|ótimo|excelente|maravilha|fantástico|muito gentil)",
    "(com os )?(melhores )?cumprimentos|atenciosamente|cordialmente|(um )?abraço|abraços|att",
    "(tenha )?(um )?(bom|ótimo) (dia|fim de semana)|(uma )?boa semana",
  ],
};

const polish: Phrases = {
  thanks: [
    "(ok |super |świetnie |bardzo |serdecznie |pięknie |wielkie )*(dziękuję|dziękujemy|dzięki|dziekuje|dzieki|podziękowania)( (bardzo|serdecznie|pięknie|wielkie|ślicznie|jeszcze raz|wszystkim))*",
    "(bardzo |serdecznie )?(dziękuję|dziękujemy|dzięki)( bardzo| serdecznie)? za (szybką |sprawną |miłą )?(pomoc|odpowiedź|wsparcie|informację|reakcję|obsługę)",
  ],
  around: [
    "(dzień dobry|dobry wieczór|witam|cześć|szanowni państwo)( wszystkim)?",
    "(jest )?(super|świetnie|doskonale|wspaniale|idealnie|bardzo miło)",
    "(z poważaniem|pozdrawiam|pozdrawiamy|pozdrowienia)( serdecznie)?|serdecznie pozdrawiam|serdeczne pozdrowienia",
    "(życzę )?(miłego|dobrego) (dnia|weekendu|wieczoru|tygodnia)",
  ],
};

const czech: Phrases = {
  thanks: [
    "(ok |super |výborně |moc |mockrát |srdečně |velice |velmi |ještě jednou )*(děkuji|děkuju|děkujeme|díky|dík|dekuji|diky)( (moc|mockrát|vám|ti|všem|srdečně|velice|ještě jednou))*",
    "(moc |velmi |velice )?(děkuji|děkuju|děkujeme|díky)( (moc|vám))? za (rychlou |vaši |skvělou |rychlou a milou )?(pomoc|odpověď|podporu|informaci|informace|reakci|vyřízení|rychlé vyřízení)",
  ],
  around: [
    "(dobrý den|dobré ráno|dobrý večer|ahoj|vážení)( všem)?",
    "(je to )?(super|skvělé|výborné|perfektní|výborně|skvěle|paráda)",
    "(s pozdravem|s přátelským pozdravem|zdravím|s úctou|hezký den)",
    "(přeji )?(hezký|pěkný|krásný) (den|víkend|večer)",
  ],
};

const swedish: Phrases = {
  thanks: [
    "(ok |okej |toppen |super |perfekt |stort |många |tusen )*(tack|tackar)( (så mycket|så jättemycket|snälla|igen|än en gång|själv|allihop|alla))*",
    "(stort |många |tusen )*(tack|tackar)( så mycket)? för ((din|er|ert|den) )?(snabba |fina |goda |all )?(hjälp|hjälpen|svar|svaret|support|återkoppling|informationen|service)",
  ],
  around: [
    "(hej|hejsan|god morgon|god kväll)( alla| på er)?",
    "(det är |vad )?(toppen|perfekt|super|bra|utmärkt|jättebra|kanon|underbart)",
    "(med )?(vänliga|bästa|varma|vänlig) (hälsningar|hälsning)|hälsningar|mvh|vänligen",
    "(ha )?en (fin|trevlig|bra) (dag|kväll|helg)|trevlig helg",
  ],
};

const danish: Phrases = {
  thanks: [
    "(ok |okay |super |perfekt |mange |tusind |hjertelig )*tak( (skal du have|skal i have|for det|igen|endnu en gang|alle))*",
    "(mange |tusind )*tak for (din |jeres |den |det )?(hurtige |gode |store |fine )?(hjælp|hjælpen|svar|svaret|support|tilbagemelding|indsats|service)",
  ],
  around: [
    "(hej|goddag|godmorgen|kære)( alle| allesammen)?",
    "(det er |hvor er det )?(super|perfekt|fint|fantastisk|skønt|dejligt|godt)",
    "(med )?(venlig|venlige|bedste|kærlig|mange) (hilsen|hilsner|hilsener)|hilsen|mvh|vh",
    "(hav )?(en )?(god|fortsat god) (dag|aften|weekend)",
  ],
};

const finnish: Phrases = {
  thanks: [
    "(ok |okei |hienoa |suuri |suuret |paljon |monet |erittäin )*(kiitos|kiitoksia|kiitokset|kiitän|kiitämme|kiitti)( (paljon|kovasti|oikein paljon|vielä|vielä kerran|sinulle|teille|kaikille|tuhannesti))*",
    "(suuri |suuret |paljon )?(kiitos|kiitokset|kiitoksia)( paljon)? (nopeasta |hyvästä |ystävällisestä )?(avusta|avustanne|vastauksesta|vastauksestanne|tuesta|palvelusta|tiedosta)",
  ],
  around: [
    "(hei|moi|terve|hyvää (huomenta|päivää|iltaa))( kaikki)?",
    "(se on )?(hienoa|mahtavaa|loistavaa|erinomaista|täydellistä|upeaa|kiva)",
    "(ystävällisin |parhain )?terveisin|terveisiä|terveiset|ystävällisesti|yst terv",
    "(oikein )?(hyvää|mukavaa) (päivänjatkoa|viikonloppua|iltaa|päivää)",
  ],
};

const turkish: Phrases = {
  thanks: [
    "(ok |tamam |çok |harika |süper )*(teşekkürler|teşekkür ederim|teşekkür ederiz|teşekkür|sağ ?ol|sağ ?olun|sağ ?olunuz|minnettarım)( (çok|tekrar|tekrardan|herkese|size))*",
    "(hızlı |nazik )?(yardımınız|cevabınız|yanıtınız|desteğiniz|ilginiz|geri dönüşünüz) için (çok )?(teşekkürler|teşekkür ederim|teşekkür ederiz)",
  ],
  around: [
    "(merhaba|merhabalar|selam|günaydın|iyi akşamlar)( herkese)?",
    "(bu )?(harika|mükemmel|süper|çok güzel|çok naziksiniz)",
    "(saygılarımla|saygılarımızla|sevgiler|selamlar|iyi dileklerimle)",
    "iyi (günler|çalışmalar|haftasonları|hafta sonları|akşamlar)( dilerim)?",
  ],
};

const russian: Phrases = {
  thanks: [
    "(ок |хорошо |отлично |супер |большое |огромное )*(спасибо|благодарю|благодарим|благодарна|благодарен)( (большое|огромное|вам|тебе|всем|ещё раз|еще раз))*",
    "(большое |огромное )?(спасибо|благодарю|благодарим)( (большое|вам))? за (вашу |быструю |оперативную |оперативный |быстрый |ваш )*(помощь|ответ|поддержку|информацию|работу|сотрудничество)",
  ],
  around: [
    "(здравствуйте|добрый день|добрый вечер|доброе утро|привет|уважаемые коллеги)( всем)?",
    "(это )?(отлично|прекрасно|замечательно|супер|превосходно|очень любезно)",
    "с уважением|с наилучшими пожеланиями|всего (доброго|хорошего|наилучшего)",
    "(хорошего|приятного) (дня|вечера)|хороших выходных",
  ],
};

const japanese: Phrases = {
  thanks: [
    "((迅速な|ご丁寧な|早速の)?(ご)?(対応|返信|回答|連絡|支援|サポート)(を)?(いただき|下さり|くださり)?、?)?(誠に|本当に|どうも|大変)?(ありがとう|有難う|有り難う)(ございます|ございました|御座います|御座いました)?",
    "(心より|大変|深く)?(感謝(します|しております|いたします|致します|申し上げます)|お礼申し上げます|御礼申し上げます)|サンキュー|(大変)?助かりました",
  ],
  around: [
    "お世話になって(おり|い)ます|お世話になりました|こんにちは|こんばんは|おはようございます",
    "(素晴らしい|完璧)です|さすがです",
    "今後とも(どうぞ)?よろしくお願い(いた|致)?します|敬具|失礼(いた|致)?します",
  ],
};

const chinese: Phrases = {
  thanks: [
    "(非常|十分|太|很|多|衷心|万分|再次)?(感谢|感謝|谢谢|謝謝|多谢|多謝)(您|你|大家|各位|你们|您们|你們)?(了|啦|啊|的?(快速|及时|及時|迅速)?的?(帮助|幫助|回复|回覆|支持|协助|協助|服务|服務|答复|答覆))?",
  ],
  around: [
    "(您|你|大家)好|(早上|上午|下午|晚上)好",
    "(太|非常|很)?(好|棒|完美)(了|啦|的)?",
    "(此致)?敬礼|此致|祝好|祝您?(生活|工作)?愉快|顺祝商祺|(致以)?(最)?诚挚的问候",
  ],
};

/** In how many languages somebody may thank. */
export const thanksIn = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  it: italian,
  nl: dutch,
  pt: portuguese,
  pl: polish,
  cs: czech,
  sv: swedish,
  da: danish,
  fi: finnish,
  tr: turkish,
  ru: russian,
  ja: japanese,
  zh: chinese,
} as const satisfies Record<string, Phrases>;
