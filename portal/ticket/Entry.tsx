/** @jsxRuntime automatic */
import type { EntryView, FileView, SentView } from "../contract.ts";
import { wordsIn } from "../text/index.ts";
import { sizeInWords } from "../times.ts";
import { type FileUrl, withInlineImages } from "./html.ts";
import { type Reader, Time } from "./Time.tsx";

/** One released entry: who, when, the words, the files. */
export function Entry({ entry, reader, fileUrl }: { entry: EntryView; reader: Reader; fileUrl: FileUrl }) {
  const words = wordsIn(reader.language);
  const { html, below } = withInlineImages(entry.html, entry.files, fileUrl);
  return (
    <li className="entry" data-side={entry.side}>
      <article aria-labelledby={`by-${entry.id}`}>
        <header>
          <h3 id={`by-${entry.id}`}>{entry.authorName}</h3>
          {entry.side === "team" ? <span className="side">{words.ticket.team}</span> : null}
          <Time at={entry.at} reader={reader} />
        </header>
        {/* Made safe when it was released; the page's content security policy allows no script at all. */}
        <div
          className="words"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: these are exactly the words a person released
          dangerouslySetInnerHTML={{ __html: html }}
        />
        {below.length > 0 ? <Files files={below} reader={reader} fileUrl={fileUrl} /> : null}
      </article>
    </li>
  );
}

function Files({ files, reader, fileUrl }: { files: FileView[]; reader: Reader; fileUrl: FileUrl }) {
  return (
    <ul className="files" aria-label={wordsIn(reader.language).ticket.files}>
      {files.map((file) => (
        <li key={file.id}>
          <a href={fileUrl(file)} download={file.name}>
            <span className="name">{file.name}</span>{" "}
            <span className="size">{sizeInWords(file.size, reader.language)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What the customer has just sent, until its entry appears. */
export function Sent({ sent, reader }: { sent: SentView; reader: Reader }) {
  const words = wordsIn(reader.language);
  return (
    <li className="entry sent" data-side="customer">
      <article aria-labelledby={`by-${sent.id}`}>
        <header>
          <h3 id={`by-${sent.id}`}>{words.ticket.you}</h3>
          <span className="side">{words.ticket.sending}</span>
          <Time at={sent.at} reader={reader} />
        </header>
        <div className="words plain">{sent.kind === "close" ? words.ticket.closing : sent.text}</div>
        {sent.files.length > 0 ? (
          <ul className="files" aria-label={words.ticket.files}>
            {sent.files.map((file) => (
              <li key={`${file.name} ${file.size}`}>
                <span className="file">
                  <span className="name">{file.name}</span>{" "}
                  <span className="size">{sizeInWords(file.size, reader.language)}</span>
                </span>
              </li>
            ))}
          </ul>
        ) : null}
      </article>
    </li>
  );
}
