/** @jsxRuntime automatic */
import { Page, type Surroundings } from "./Page.tsx";
import { wordsIn } from "./text/index.ts";

export type ProblemKind = 400 | 403 | 404 | 413 | 429 | 500 | 503 | "link";

type Props = {
  kind: ProblemKind;
  retryMinutes?: number | undefined;
  reference?: string | undefined;
  around: Surroundings;
};

/** What went wrong, and what to do next. */
export function ProblemPage({ kind, retryMinutes, reference, around }: Props) {
  const words = wordsIn(around.language);
  const { title, next } = words.problem[kind];
  return (
    <Page title={title} around={around}>
      <div className="narrow problem">
        <h1>{title}</h1>
        <p>{next}</p>
        {retryMinutes === undefined ? null : <p>{words.problem.retryIn(retryMinutes)}</p>}
        {reference === undefined ? null : <p className="hint">{reference}</p>}
        <p>
          <a className="button" href={kind === "link" ? "/sign-in" : "/"}>
            {kind === "link" ? words.signIn.title : words.problem.home}
          </a>
        </p>
      </div>
    </Page>
  );
}
