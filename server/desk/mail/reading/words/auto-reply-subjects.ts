/** How Outlook, Gmail and others begin the subject of an absence note. Each language's own words, lower case. */
export const AUTO_REPLY_SUBJECT = new RegExp(
  `^(?:${[
    "automatic reply|auto(?:matic)?[- ]?(?:reply|response|answer|responder)|autoreply|out of (?:the )?office|on (?:annual )?(?:leave|vacation) ?(?::|re:)",
    "automatische antwort|abwesenheitsnotiz|abwesenheitsnachricht|abwesenheit:|abwesend:|automatische abwesenheit",
    "réponse automatique|absence du bureau|message d.absence|absente?(?:\\(e\\))? ?:",
    "respuesta automática|fuera de la oficina|ausente de la oficina",
    "risposta automatica|fuori sede|assente:|fuori ufficio",
    "automatisch antwoord|afwezigheidsbericht|niet aanwezig|afwezig:",
    "resposta automática|ausência temporária|fora do escritório",
    "odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|poza biurem|nieobecność",
    "automatická odpověď|automatická odpoveď|mimo kancelář",
    "autosvar|automatiskt svar|frånvaromeddelande|automatisk svar|fraværsmeddelelse|fraværende:|frånvarande:|ikke på kontoret",
    "automaattinen vastaus|poissaoloviesti|poissa toimistosta",
    "otomatik yanıt|otomatik cevap|ofis dışında",
    "автоматический ответ|автоответ|вне офиса|нет на работе|автоматична відповідь",
    "自動応答|自動返信|不在通知|不在[:：]|不在のお知らせ|自动回复|自動回覆|自动答复|外出|부재중|자동 회신",
    "automatikus válasz|răspuns automat|αυτόματη απάντηση|aŭtomata respondo|automatinis atsakymas",
  ].join("|")})`,
);
