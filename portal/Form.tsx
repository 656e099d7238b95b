/** @jsxRuntime automatic */
import type { ReactNode } from "react";
import type { Words } from "./text/index.ts";

/** What is wrong with a form, by field; `form` concerns all of it. */
export type FormErrors = Readonly<Partial<Record<"form" | "address" | "code" | "subject" | "text" | "files", string>>>;

/** What went wrong, above the form, where a screen reader starts; each line leads to its field. */
export function ErrorSummary({ errors, words }: { errors: FormErrors; words: Words }) {
  const wrong = Object.entries(errors);
  if (wrong.length === 0) return null;
  return (
    <div className="errors" role="alert" tabIndex={-1} id="errors">
      <p>{words.errors.summary}</p>
      <ul>
        {wrong.map(([field, message]) => (
          <li key={field}>{field === "form" ? message : <a href={`#${field}`}>{message}</a>}</li>
        ))}
      </ul>
    </div>
  );
}

type FieldProps = {
  name: keyof FormErrors;
  label: string;
  hint?: string;
  error?: string | undefined;
  /** Given the attributes that tie the control to its label, hint and error. */
  children: (tied: { id: string; name: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
};

/** A labelled control with its hint and its error, tied together for those who do not see them side by side. */
export function Field({ name, label, hint, error, children }: FieldProps) {
  const described = [hint ? `${name}-hint` : "", error ? `${name}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {hint ? (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p className="error" id={`${name}-error`}>
          {error}
        </p>
      ) : null}
      {children({
        id: name,
        name,
        ...(described ? { "aria-describedby": described } : {}),
        ...(error ? { "aria-invalid": true as const } : {}),
      })}
    </div>
  );
}

/** A file that is already with us while the form is being mended: the text that stands for it is sealed. */
export type KeptFile = { sealed: string; name: string; size: string };

/** Choosing files, and keeping those chosen before. */
export function FilesField({
  kept,
  error,
  words,
}: {
  kept: readonly KeptFile[];
  error?: string | undefined;
  words: Words;
}) {
  return (
    <>
      {kept.length > 0 ? (
        <fieldset className="kept">
          <legend>{words.write.kept}</legend>
          {kept.map((file) => (
            <label key={file.sealed}>
              <input type="checkbox" name="kept" value={file.sealed} defaultChecked />
              <span>
                {file.name} <span className="size">{file.size}</span>
              </span>
            </label>
          ))}
        </fieldset>
      ) : null}
      <Field name="files" label={words.write.files} hint={words.write.filesHint} error={error}>
        {(tied) => <input type="file" multiple {...tied} />}
      </Field>
    </>
  );
}
