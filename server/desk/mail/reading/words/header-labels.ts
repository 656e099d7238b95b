/** The labels that mail programs write above a quoted or forwarded mail, by language. Lower case, without the colon. */
type Labels = { from: string[]; date: string[]; to: string[]; cc: string[]; subject: string[]; replyTo: string[] };

const LANGUAGES: Record<string, Labels> = {
  en: {
    from: ["from", "sender"],
    date: ["date", "sent"],
    to: ["to", "recipient"],
    cc: ["cc", "bcc", "copy"],
    subject: ["subject", "object"],
    replyTo: ["reply-to", "reply to", "organization", "attachments", "importance", "mailed-by"],
  },
  de: {
    from: ["von", "absender"],
    date: ["datum", "gesendet", "gesendet am"],
    to: ["an", "empfänger"],
    cc: ["kopie", "kopie (cc)"],
    subject: ["betreff"],
    replyTo: ["antwort an", "antwort-an", "anlagen", "wichtigkeit"],
  },
  fr: {
    from: ["de", "expéditeur", "de la part de"],
    date: ["date", "envoyé", "envoyé le", "message du"],
    to: ["à", "pour", "destinataire"],
    cc: ["copie à", "copie"],
    subject: ["objet", "sujet"],
    replyTo: ["répondre à", "réponse à", "pièces jointes"],
  },
  es: {
    from: ["de", "remitente"],
    date: ["fecha", "enviado", "enviado el", "enviado a las"],
    to: ["para", "destinatario"],
    cc: ["copia"],
    subject: ["asunto"],
    replyTo: ["responder a", "datos adjuntos"],
  },
  it: {
    from: ["da", "mittente"],
    date: ["data", "inviato", "inviato il"],
    to: ["a", "per", "destinatario"],
    cc: ["copia"],
    subject: ["oggetto"],
    replyTo: ["rispondi a", "allegati"],
  },
  nl: {
    from: ["van", "afzender"],
    date: ["datum", "verzonden"],
    to: ["aan"],
    cc: ["kopie"],
    subject: ["onderwerp"],
    replyTo: ["antwoord aan", "beantwoorden aan", "bijlagen"],
  },
  pt: {
    from: ["de", "remetente"],
    date: ["data", "enviada", "enviada em", "enviado", "enviado em"],
    to: ["para", "destinatário"],
    cc: ["cópia"],
    subject: ["assunto"],
    replyTo: ["responder a", "responder para", "anexos"],
  },
  pl: {
    from: ["od", "nadawca"],
    date: ["data", "wysłano", "wysłane", "dnia"],
    to: ["do", "adresat"],
    cc: ["dw", "kopia", "do wiadomości"],
    subject: ["temat"],
    replyTo: ["odpowiedz do", "odpowiedź do", "załączniki"],
  },
  cs: {
    from: ["od", "odesílatel"],
    date: ["datum", "odesláno", "odeslané"],
    to: ["komu", "pro"],
    cc: ["kopie"],
    subject: ["předmět"],
    replyTo: ["odpovědět", "odpovědět komu", "přílohy"],
  },
  sk: {
    from: ["od", "odosielateľ"],
    date: ["dátum", "odoslané"],
    to: ["komu", "pre"],
    cc: ["kópia"],
    subject: ["predmet"],
    replyTo: ["odpovedať", "prílohy"],
  },
  sv: {
    from: ["från"],
    date: ["datum", "skickat", "skickades"],
    to: ["till"],
    cc: ["kopia"],
    subject: ["ämne"],
    replyTo: ["svara till", "bifogade filer"],
  },
  da: {
    from: ["fra"],
    date: ["dato", "sendt"],
    to: ["til"],
    cc: ["kopi"],
    subject: ["emne"],
    replyTo: ["svar til", "vedhæftede filer"],
  },
  no: {
    from: ["fra"],
    date: ["dato", "sendt"],
    to: ["til"],
    cc: ["kopi"],
    subject: ["emne"],
    replyTo: ["svar til", "vedlegg"],
  },
  fi: {
    from: ["lähettäjä", "keneltä"],
    date: ["päivämäärä", "päiväys", "lähetetty", "pvm"],
    to: ["vastaanottaja", "kenelle"],
    cc: ["kopio"],
    subject: ["aihe"],
    replyTo: ["vastausosoite", "liitteet"],
  },
  et: {
    from: ["saatja", "kellelt"],
    date: ["kuupäev", "saadetud"],
    to: ["adressaat", "kellele", "saaja"],
    cc: ["koopia"],
    subject: ["teema"],
    replyTo: ["vastus aadressile", "vasta"],
  },
  tr: {
    from: ["gönderen", "kimden", "kimden gönderildi"],
    date: ["tarih", "gönderme tarihi", "gönderilme tarihi", "gönderilme zamanı", "gönderildi", "gönderilen"],
    to: ["kime", "alıcı"],
    cc: ["bilgi"],
    subject: ["konu"],
    replyTo: ["yanıt", "yanıtla", "ekler"],
  },
  ru: {
    from: ["от", "отправитель", "от кого"],
    date: ["дата", "отправлено", "дата отправки"],
    to: ["кому"],
    cc: ["копия"],
    subject: ["тема"],
    replyTo: ["ответ", "ответить", "обратный адрес", "вложения"],
  },
  uk: {
    from: ["від", "відправник", "від кого"],
    date: ["дата", "надіслано", "відправлено"],
    to: ["кому"],
    cc: ["копія"],
    subject: ["тема"],
    replyTo: ["відповісти", "кому відповісти"],
  },
  bg: {
    from: ["от", "подател"],
    date: ["дата", "изпратено"],
    to: ["до"],
    cc: ["копие"],
    subject: ["относно", "тема"],
    replyTo: ["отговор до"],
  },
  hu: {
    from: ["feladó", "küldő"],
    date: ["dátum", "elküldve", "küldve"],
    to: ["címzett"],
    cc: ["másolat", "másolatot kap"],
    subject: ["tárgy"],
    replyTo: ["válaszcím", "mellékletek"],
  },
  ro: {
    from: ["de la", "expeditor", "expeditorul"],
    date: ["data", "dată", "trimis"],
    to: ["către", "destinatar", "destinatarul", "la"],
    cc: ["copie"],
    subject: ["subiect", "subiectul"],
    replyTo: ["răspuns la", "răspunde către", "răspunde"],
  },
  hr: {
    from: ["šalje", "od", "pošiljatelj"],
    date: ["datum", "poslano"],
    to: ["prima", "za"],
    cc: ["kopija"],
    subject: ["predmet", "naslov"],
    replyTo: ["odgovori na", "odgovori", "odgovor"],
  },
  el: {
    from: ["από"],
    date: ["ημερομηνία", "στάλθηκε"],
    to: ["προς"],
    cc: ["κοιν", "κοινοποίηση"],
    subject: ["θέμα"],
    replyTo: ["απάντηση προς"],
  },
  ja: {
    from: ["差出人", "送信者", "発信者", "送信元", "from"],
    date: ["日付", "日時", "送信日時", "date"],
    to: ["宛先", "送信先", "to"],
    cc: ["cc", "写し"],
    subject: ["件名", "subject"],
    replyTo: ["返信先", "添付ファイル"],
  },
  zh: {
    from: ["发件人", "寄件者", "寄件人", "發件人"],
    date: ["发送时间", "日期", "时间", "寄件日期", "發送時間", "发送日期"],
    to: ["收件人", "收件者"],
    cc: ["抄送", "副本"],
    subject: ["主题", "主旨", "主題"],
    replyTo: ["回复", "回覆", "回复至", "附件"],
  },
  ko: {
    from: ["보낸 사람", "보낸사람", "발신"],
    date: ["날짜", "보낸 날짜", "보낸날짜"],
    to: ["받는 사람", "받는사람", "수신"],
    cc: ["참조"],
    subject: ["제목"],
    replyTo: ["회신"],
  },
  he: { from: ["מאת"], date: ["תאריך", "נשלח"], to: ["אל"], cc: ["עותק"], subject: ["נושא"], replyTo: ["השב אל"] },
  ar: {
    from: ["من"],
    date: ["التاريخ", "تاريخ الإرسال"],
    to: ["إلى"],
    cc: ["نسخة"],
    subject: ["الموضوع"],
    replyTo: ["الرد على"],
  },
};

export type HeaderLabel = keyof Labels;

/** Each label and what it may name: some words mean different things in different languages ("de", "a"). */
export const HEADER_LABELS: ReadonlyMap<string, ReadonlySet<HeaderLabel>> = collect();

function collect(): Map<string, Set<HeaderLabel>> {
  const meanings = new Map<string, Set<HeaderLabel>>();
  for (const labels of Object.values(LANGUAGES)) {
    for (const key of ["from", "date", "to", "cc", "subject", "replyTo"] as const) {
      for (const word of labels[key]) meanings.set(word, (meanings.get(word) ?? new Set()).add(key));
    }
  }
  return meanings;
}

/** The labels of each language, for reading a block that lost its line ends. */
export const LABEL_SETS: readonly Labels[] = Object.values(LANGUAGES);
