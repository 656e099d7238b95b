/** @jsxRuntime automatic */
import { ErrorSummary, Field, type FormErrors } from "../Form.tsx";
import { Page, type Surroundings } from "../Page.tsx";
import { wordsIn } from "../text/index.ts";

type AddressProps = { next: string; address: string; errors: FormErrors; signedOut: boolean; around: Surroundings };

/** The first step: which address shall the code go to. */
export function AddressPage({ next, address, errors, signedOut, around }: AddressProps) {
  const words = wordsIn(around.language);
  return (
    <Page title={words.signIn.title} around={around}>
      <div className="narrow">
        {signedOut ? (
          <p className="notice" role="status">
            {words.signIn.signedOut}
          </p>
        ) : null}
        <h1>{words.signIn.title}</h1>
        <p>{words.signIn.lead}</p>
        <ErrorSummary errors={errors} words={words} />
        <form className="sheet" method="post" action="/sign-in">
          <input type="hidden" name="next" value={next} />
          <Field name="address" label={words.signIn.address} hint={words.signIn.addressHint} error={errors.address}>
            {(tied) => (
              <input
                type="email"
                autoComplete="email"
                inputMode="email"
                spellCheck={false}
                required
                defaultValue={address}
                {...tied}
              />
            )}
          </Field>
          <button type="submit">{words.signIn.askForCode}</button>
        </form>
      </div>
    </Page>
  );
}

type CodeProps = { address: string; mailed: boolean; errors: FormErrors; around: Surroundings };

/** The second step: the code from the mail, or from an earlier one when there were enough. */
export function CodePage({ address, mailed, errors, around }: CodeProps) {
  const words = wordsIn(around.language);
  return (
    <Page title={words.signIn.codeTitle} around={around}>
      <div className="narrow">
        <h1>{words.signIn.codeTitle}</h1>
        <p>{mailed ? words.signIn.codeLead(address) : words.signIn.enoughCodes(address)}</p>
        <ErrorSummary errors={errors} words={words} />
        <form className="sheet" method="post" action="/sign-in/code">
          <Field name="code" label={words.signIn.code} hint={words.signIn.codeHint} error={errors.code}>
            {(tied) => (
              <input
                type="text"
                className="code"
                inputMode="numeric"
                autoComplete="one-time-code"
                spellCheck={false}
                required
                maxLength={20}
                {...tied}
              />
            )}
          </Field>
          <button type="submit">{words.signIn.enter}</button>
        </form>
        {mailed ? <p className="hint">{words.signIn.noMail}</p> : null}
        <div className="row">
          <form method="post" action="/sign-in/again">
            <button type="submit" className="second">
              {words.signIn.again}
            </button>
          </form>
          <a href="/sign-in">{words.signIn.otherAddress}</a>
        </div>
      </div>
    </Page>
  );
}
