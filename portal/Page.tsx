/** @jsxRuntime automatic */
import type { ReactNode } from "react";
import { type Language, languages, wordsIn } from "./text/index.ts";

/** What every page knows: its reader, where it is, and where style and script are. */
export type Surroundings = {
  language: Language;
  /** The path of this page, for coming back to it in another language. */
  path: string;
  assets: { styles: string; script: string };
  /** The signed-in customer's name; null for everybody else. */
  customerName: string | null;
};

/** The frame of every page. */
export function Page({ title, around, children }: { title: string; around: Surroundings; children: ReactNode }) {
  const words = wordsIn(around.language);
  return (
    <html lang={around.language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · ${words.portal}`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={around.assets.styles} />
        <script src={around.assets.script} defer />
      </head>
      <body className="portal">
        <a className="skip" href="#content">
          {words.skipToContent}
        </a>
        <header className="top">
          <a className="home" href="/">
            <Hatch />
            {words.portal}
          </a>
          <nav aria-label={words.language}>
            <LanguageSwitch around={around} />
            {around.customerName !== null ? (
              <form method="post" action="/sign-out">
                <span className="who">{words.signedInAs(around.customerName)}</span>
                <button type="submit" className="quiet">
                  {words.signOut}
                </button>
              </form>
            ) : null}
          </nav>
        </header>
        <main id="content" tabIndex={-1}>
          {children}
        </main>
      </body>
    </html>
  );
}

function LanguageSwitch({ around }: { around: Surroundings }) {
  return (
    <form method="post" action="/language">
      <input type="hidden" name="back" value={around.path} />
      {languages
        .filter((language) => language !== around.language)
        .map((language) => (
          <button key={language} type="submit" name="language" value={language} lang={language} className="quiet">
            {wordsIn(language).languageName}
          </button>
        ))}
    </form>
  );
}

function Hatch() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect x="2.75" y="3.75" width="18.5" height="16.5" rx="3" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path
        d="M3 14.5h18M7 14.5V11a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v3.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </svg>
  );
}
