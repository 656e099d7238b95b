/** @jsxRuntime automatic */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { FormErrors, KeptFile } from "../../../portal/Form.tsx";
import { type Words, wordsIn } from "../../../portal/text/index.ts";
import { NewTicketPage } from "../../../portal/ticket/NewTicketPage.tsx";
import { sizeInWords } from "../../../portal/times.ts";
import { ProblemError } from "../../platform/problems.ts";
import type { Viewer } from "../access.ts";
import { readUploads, type Upload, type UploadedForm } from "../files/upload.ts";
import { read, showPage, surroundings, type Visit } from "../visit.ts";
import { act } from "./act.ts";
import { findTicket } from "./find.ts";
import { showTicketWithForm, ticketNumber } from "./show.tsx";

const onceKey = z.string().regex(/^[\w-]{16,80}$/);
const AnswerFields = z.strictObject({ onceKey, text: z.string() });
const NewTicketFields = z.strictObject({ onceKey, subject: z.string(), text: z.string() });

/** POST /tickets/:number/messages. On a closed ticket it is also what opens it again. */
export async function answerTicket(visit: Visit<Viewer>) {
  const { portal, who, req, res, language } = visit;
  const number = ticketNumber(visit);
  const { ticketId } = await findTicket(portal, who, { number });
  const refused = await tooOften(visit);
  const form = await readUploads(portal, req, who.contactId, refused ? "drop" : "keep");
  const { text, onceKey } = read(AnswerFields, form.fields);

  const errors = { ...wrongText(text, wordsIn(language)), ...wrongFiles(form, wordsIn(language)) };
  const mend = async (errors: FormErrors, status: number) =>
    showTicketWithForm(
      visit,
      { onceKey: randomUUID(), text, kept: await keptFiles(visit, form.files), errors },
      status,
    );
  if (refused) return mend({ form: refused }, 429);
  if (Object.keys(errors).length > 0) return mend(errors, 422);

  const acted = await act(portal, who, {
    kind: "message",
    ticketId,
    subject: "",
    text: cleaned(text),
    onceKey,
    files: form.files,
  });
  if (!acted.ok) return mend({ form: wordsIn(language).errors.sentBefore }, 409);
  res.redirect(303, `/tickets/${number}?answered#by-${acted.actId}`);
}

/** POST /tickets/:number/closure */
export async function closeTicket(visit: Visit<Viewer>) {
  const number = ticketNumber(visit);
  const { onceKey: key } = read(z.strictObject({ onceKey }), visit.req.body);
  const { ticketId } = await findTicket(visit.portal, visit.who, { number });
  await act(visit.portal, visit.who, { kind: "close", ticketId, subject: "", text: "", onceKey: key, files: [] });
  visit.res.redirect(303, `/tickets/${number}`);
}

/** POST /tickets */
export async function openTicket(visit: Visit<Viewer>) {
  const { portal, who, req, res, language } = visit;
  const refused = await tooOften(visit);
  const form = await readUploads(portal, req, who.contactId, refused ? "drop" : "keep");
  const { subject, text, onceKey } = read(NewTicketFields, form.fields);

  const words = wordsIn(language);
  const errors = { ...wrongSubject(subject, words), ...wrongText(text, words), ...wrongFiles(form, words) };
  const mend = async (errors: FormErrors, status: number) => {
    const again = { onceKey: randomUUID(), subject, text, kept: await keptFiles(visit, form.files), errors };
    showPage(visit, <NewTicketPage form={again} around={{ ...surroundings(visit), path: "/tickets/new" }} />, status);
  };
  if (refused) return mend({ form: refused }, 429);
  if (Object.keys(errors).length > 0) return mend(errors, 422);

  const sent = { kind: "new_ticket" as const, ticketId: null, subject: cleaned(subject), text: cleaned(text) };
  const acted = await act(portal, who, { ...sent, onceKey, files: form.files });
  if (!acted.ok) return mend({ form: words.errors.sentBefore }, 409);
  res.redirect(303, `/sent/${acted.actId}`);
}

function wrongSubject(subject: string, { errors }: Words): FormErrors {
  if (!cleaned(subject)) return { subject: errors.subjectMissing };
  return subject.length > 200 ? { subject: errors.subjectLong } : {};
}

function wrongText(text: string, { errors }: Words): FormErrors {
  if (!cleaned(text)) return { text: errors.textMissing };
  return text.length > 50_000 ? { text: errors.textLong } : {};
}

function wrongFiles({ refused }: UploadedForm, { errors }: Words): FormErrors {
  const [first] = refused;
  if (!first) return {};
  const sentence = { too_large: errors.fileLarge, empty: errors.fileEmpty, too_many: () => errors.filesMany };
  return { files: sentence[first.because](first.name) };
}

/** A text as people meant it: line ends alike, without what no keyboard writes (PostgreSQL refuses NUL). */
function cleaned(text: string) {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
      .trim()
  );
}

/** Files already with us stay with the form while it is mended. */
const keptFiles = ({ portal, who, language }: Visit<Viewer>, files: Upload[]): Promise<KeptFile[]> =>
  Promise.all(
    files.map(async (file) => ({
      sealed: await portal.seal.close("upload", { ...file, contactId: who.contactId }, 60 * 60),
      name: file.name,
      size: sizeInWords(file.size, language),
    })),
  );

async function tooOften({ portal, who, language }: Visit<Viewer>) {
  try {
    await portal.limits.spend("written", who.contactId);
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return wordsIn(language).problem[429].next;
    throw error;
  }
}
