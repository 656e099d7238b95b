import type { Said, SentenceCode } from "../../../server/desk/contract/sentences.ts";

/** Was über Störungen und zurückgehaltene Mails gesagt wird, auf Deutsch. */
const german: Record<SentenceCode, string> = {
  sign_in_refused:
    "Entra ID lässt uns nicht anmelden. Bitten Sie die Administration, ENTRA_TENANT_ID und ENTRA_CLIENT_ID zu prüfen, ob das Zertifikat hinterlegt und gültig ist und ob die Uhr dieses Rechners stimmt.",
  entra_silent:
    "Entra ID hat nicht geantwortet. Prüfen Sie, ob dieser Rechner ENTRA_URL erreicht; wir versuchen es weiter.",
  token_refused:
    "Microsoft 365 nimmt unsere Anmeldung nicht an. Bitten Sie die Administration, den Zugriff erneut zu gewähren.",
  access_denied:
    "Microsoft 365 verweigert den Zugriff auf das Postfach. Bitten Sie die Administration, ihn erneut zu gewähren.",
  no_such_mailbox: "Microsoft 365 kennt kein solches Postfach. Prüfen Sie die Adresse, oder entfernen Sie es hier.",
  slow_down: "Microsoft 365 bittet uns, langsamer zu fragen. Es ist nichts zu tun: Es geht von selbst weiter.",
  graph_silent:
    "Microsoft 365 hat nicht geantwortet. Prüfen Sie, ob dieser Rechner GRAPH_URL und ENTRA_URL erreicht; wir versuchen es weiter.",
  graph_in_trouble: "Microsoft 365 ist selbst gestört. Es ist nichts zu tun: Wir versuchen es weiter.",
  graph_unreadable: "Microsoft 365 hat etwas geantwortet, das wir nicht lesen können.",
  request_refused: "Microsoft 365 hat die Anfrage abgelehnt ({0}).",
  sent_elsewhere:
    "Microsoft 365 schickt uns zu {0}. Das ist nicht Microsoft 365, daher haben wir es gelassen. Prüfen Sie GRAPH_URL, und wer unter dieser Adresse antwortet.",
  in_a_circle: "Microsoft 365 schickt uns im Kreis. Wir lesen das Postfach noch einmal von vorn.",
  no_room:
    "Dateien lassen sich nicht aufbewahren: Die Festplatte ist voll oder nicht beschreibbar. Schaffen Sie dort Platz, wo DESK_FILES liegt; Mails warten solange im Postfach.",
  untold: "Neue Mails kommen bis zu einer Minute später, weil Microsoft 365 sie uns nicht melden kann.",
  must_reach_us: "Es muss NOTIFY_URL erreichen.",
  silent:
    "Microsoft 365 hat uns seit einer Weile keine neue Mail gemeldet; sie kommen daher bis zu einer Minute später. Prüfen Sie, ob NOTIFY_URL aus dem Internet erreichbar ist.",

  no_sender:
    "Der Absender ist nicht lesbar: Die Mail nennt keinen, mehrere oder einen, den Programme verschieden lesen.",
  in_our_name: "Die Mail gibt vor, von einem von uns zu sein, aber kein Server bürgt dafür.",
  not_verified: "Der Absender ist nicht bestätigt: Die Mail wurde nicht von {0} gesendet.",
  looks_like:
    "{0} sieht aus wie {1}, das wir kennen, ist aber eine andere Domain. Vergewissern Sie sich, wer schreibt.",
  from_ourselves: "Die Mail kommt aus unserem eigenen Postfach {0}.",
  goes_round: "Die Mail ist durch mehr als hundert Server gegangen: Sie läuft im Kreis.",
  from_colleague: "Jemand aus dem Team hat sie geschrieben. Wählen Sie, um wessen Anliegen es geht.",
  not_vouched_for: "Die Mail gibt vor, zu #{0} zu gehören, aber kein Server bürgt für ihren Absender.",
  stranger_in_thread: "Unbekannter Absender in einem bekannten Verlauf: {0} ist nicht an #{1} beteiligt.",
  forged_report: "Die Mail meldet, dass eine Mail nicht ankam, aber der Server, den sie nennt, hat sie nicht gesendet.",
  not_our_mail: "Die Mail berichtet von einer Mail, die wir nicht gesendet haben.",
  spam: "{0} hat diesen Absender als Spam markiert.",
  was_spam: "Die Mail galt als Spam, bis {0} die Markierung zurücknahm.",
  storm: "Mehr als {0} Mails in zehn Minuten kamen von {1}: Verdacht auf eine Schleife.",
  loop_in_an_hour: "Mehr als {0} Mails in einer Stunde kamen von {1} zu einem Ticket: Verdacht auf eine Schleife.",
  loop_in_a_day: "Mehr als {0} Mails an einem Tag kamen von {1} zu einem Ticket: Verdacht auf eine Schleife.",
  not_processed: "Die Mail ließ sich nicht verarbeiten. So, wie sie kam, hängt sie an.",
  not_fetched: "Die Mail ließ sich nicht abholen.",
};

const known: Record<string, string | undefined> = german;

/** Ein Satz, den diese Leiste noch nicht kennt, bleibt, wie er ist. */
export const inGerman = (said: Said) =>
  said
    .map(({ code, parts, detail }) => known[code]?.replace(/\{(\d)\}/g, (_, at) => parts[at] ?? "") ?? detail)
    .join(" ");
