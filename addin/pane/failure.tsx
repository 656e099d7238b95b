import { Button, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, use } from "react";
import { z } from "zod";
import { DeskProblem, Unreachable } from "../desk/ask.ts";
import { person } from "../outlook/outlook.ts";
import { SignInFailure } from "../sign-in/failures.ts";
import type { SignIn } from "../sign-in/sign-in.ts";
import type { Text } from "../text/en.ts";
import { useText } from "../text/text.tsx";
import { Moved } from "./moved.ts";
import { Empty } from "./states.tsx";

export const SignInContext = createContext<SignIn | null>(null);

/** A screen that could not be drawn: its cause, and what to do. */
export function Failure({ error, retry }: { error: Error; retry: () => void }) {
  const text = useText();
  if (error instanceof SignInFailure) return <SignInAgain failure={error} retry={retry} />;
  const { title, hint } = explain(error, text);
  return <Empty title={title} hint={hint} retry={retry} />;
}

/** An act that did not succeed, said beside it. */
export function Refusal({ error }: { error: Error }) {
  const text = useText();
  if (error instanceof Moved) return null;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>{sentenceOf(error, text)}</MessageBarBody>
    </MessageBar>
  );
}

/** One sentence for any failure of an act. */
export function sentenceOf(error: Error, text: Text): string {
  if (error instanceof SignInFailure) return text.signInFailed[error.cause];
  const { title, hint } = explain(error, text);
  return error instanceof DeskProblem ? hint : `${title}. ${hint}`;
}

function explain(error: Error, text: Text): { title: string; hint: string } {
  if (error instanceof DeskProblem) return { title: text.refusedTitle, hint: error.message };
  if (error instanceof Unreachable) return { title: text.unreachable, hint: text.unreachableHint };
  if (error instanceof z.ZodError) return { title: text.notTheDesk, hint: text.notTheDeskHint };
  return { title: text.refusedTitle, hint: error.message };
}

/** The window opens from the click and nowhere else; when it fails, its cause is shown and nothing starts by itself. */
function SignInAgain({ failure, retry }: { failure: SignInFailure; retry: () => void }) {
  const text = useText();
  const signIn = use(SignInContext);
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: async () => signIn?.withWindow(),
    onSuccess: async () => {
      retry();
      // Whatever else failed for want of a token.
      await queries.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" });
    },
  });
  const shown = act.error instanceof SignInFailure ? act.error : failure;
  const address = person().address;

  return (
    <Empty
      title={text.signInTitle}
      hint={shown.cause === "needs_click" ? text.signInAs(address) : text.signInFailed[shown.cause]}
    >
      {shown.cause === "somebody_else" ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{text.signedInAs(shown.facts.signedIn ?? "", shown.facts.outlook ?? "")}</MessageBarBody>
        </MessageBar>
      ) : null}
      {shown.cause === "unknown" || shown.cause === "not_accepted" ? <Detail failure={shown} /> : null}
      {signIn && shown.cause !== "network" ? (
        <Button appearance="primary" disabledFocusable={act.isPending} onClick={() => act.mutate()}>
          {text.signIn}
        </Button>
      ) : (
        <Button onClick={retry}>{text.retry}</Button>
      )}
    </Empty>
  );
}

function Detail({ failure }: { failure: SignInFailure }) {
  const text = useText();
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{text.refusedTitle}</MessageBarTitle>
        {failure.facts.detail ?? failure.facts.code}
      </MessageBarBody>
    </MessageBar>
  );
}
