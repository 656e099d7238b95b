/**
 * What the desk says of a trouble, or of why a mail is held: a code and what stands in the gaps, so that each program can
 * say it in its reader's language. The desk keeps and logs it in English.
 */
import { z } from "zod";

export const Sentence = z.strictObject({
  /** One of `sentences`, or "other". */
  code: z.string(),
  parts: z.array(z.string()),
  /** It in English. */
  detail: z.string(),
});

/** One sentence after the other. */
export const Said = z.array(Sentence);
export type Said = z.infer<typeof Said>;

export const sentences = {
  sign_in_refused:
    "Entra ID did not let us sign in. Ask an administrator to check ENTRA_TENANT_ID, ENTRA_CLIENT_ID, that the certificate is registered and valid, and that this machine's clock is right.",
  entra_silent: "Entra ID did not answer. Check that this machine reaches ENTRA_URL; we try again.",
  token_refused: "Microsoft 365 does not accept our sign-in. Ask an administrator to grant access again.",
  access_denied: "Microsoft 365 denies access to the mailbox. Ask an administrator to grant access again.",
  no_such_mailbox: "Microsoft 365 knows no such mailbox. Check its address, or remove it here.",
  slow_down: "Microsoft 365 asks us to slow down. Nothing to do: we go on by ourselves.",
  graph_silent: "Microsoft 365 did not answer. Check that this machine reaches GRAPH_URL and ENTRA_URL; we try again.",
  graph_in_trouble: "Microsoft 365 has trouble of its own. Nothing to do: we try again.",
  graph_unreadable: "Microsoft 365 answered something that we cannot read.",
  request_refused: "Microsoft 365 refused the request ({0}).",
  sent_elsewhere:
    "Microsoft 365 sends us to {0}, which is not Microsoft 365, so we did not go there. Check GRAPH_URL, and who answers at that address.",
  in_a_circle: "Microsoft 365 sends us in a circle. We read the mailbox from its start again.",
  no_room:
    "The desk cannot keep files: its disk is full or not to be written. Make room where DESK_FILES lies; mails wait in the mailbox meanwhile.",
  untold: "New mail comes up to a minute late, because Microsoft 365 cannot tell us of it.",
  must_reach_us: "It has to reach NOTIFY_URL.",
  silent:
    "Microsoft 365 has told us of no new mail for a while, so it comes up to a minute late. Check that NOTIFY_URL can be reached from the internet.",

  no_sender: "Its sender cannot be read: it names none, several, or one that programs read differently.",
  in_our_name: "It claims to come from one of us, but no server vouches for that.",
  not_verified: "The sender is not verified: it was not sent by {0}.",
  looks_like: "{0} looks like {1}, which we know, but is another domain. Make sure who writes.",
  from_ourselves: "It comes from our own mailbox {0}.",
  goes_round: "It has passed more than a hundred servers: somebody's mail goes round.",
  from_colleague: "A colleague wrote it. Choose whose matter it is.",
  not_vouched_for: "It claims to belong to #{0}, but no server vouches for its sender.",
  stranger_in_thread: "An unknown sender in a known thread: {0} is not on #{1}.",
  forged_report: "It says that a mail did not arrive, but the server that it names did not send it.",
  not_our_mail: "It reports on a mail that we did not send.",
  spam: "{0} marked this sender as spam.",
  was_spam: "It was held as spam until {0} took the mark back.",
  storm: "More than {0} mails in ten minutes came from {1}: a suspected loop.",
  loop_in_an_hour: "More than {0} mails in an hour came from {1} on one ticket: a suspected loop.",
  loop_in_a_day: "More than {0} mails in a day came from {1} on one ticket: a suspected loop.",
  not_processed: "It could not be processed. The mail as it came is attached to it.",
  not_fetched: "It could not be fetched.",
} as const;
export type SentenceCode = keyof typeof sentences;
