import { FluentProvider } from "@fluentui/react-components";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { openAsk } from "../desk/ask.ts";
import { AskContext, useMe } from "../desk/desk.tsx";
import { Mail } from "../mail/mail.tsx";
import { person, type Start } from "../outlook/outlook.ts";
import { SignInFailure } from "../sign-in/failures.ts";
import { openSignIn } from "../sign-in/sign-in.ts";
import { Speaking, type Speech, useText } from "../text/text.tsx";
import { Failure, SignInContext } from "./failure.tsx";
import { Frame } from "./frame.tsx";
import { dismissSuccesses } from "./notices.tsx";
import type { Settings } from "./settings.ts";
import { ShownContext, useShown } from "./shown.tsx";
import { Empty, Waiting } from "./states.tsx";
import { useTheme } from "./theme.ts";

/**
 * The task pane. What it knows of mails and tickets stays in memory, so that nothing of it outlives the pane or can be read
 * from the browser's storage; only MSAL's cache, the words being written (composer/draft.ts) and which warnings were put away
 * (pane/troubles.tsx) are kept there.
 */
export function Pane({ start, settings, speech }: { start: Start; settings: Settings; speech: Speech }) {
  const [queries] = useState(newQueries);
  return (
    <QueryClientProvider client={queries}>
      <Speaking speech={speech}>
        <Themed inOutlook={start === "ready"}>
          {start === "ready" ? <Desk settings={settings} /> : <NotInOutlook start={start} />}
        </Themed>
      </Speaking>
    </QueryClientProvider>
  );
}

/** The pane shows at once what it knew a moment ago, and asks again behind it. */
export const newQueries = () =>
  new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, gcTime: 30 * 60_000, retry: false, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });

function Themed({ inOutlook, children }: { inOutlook: boolean; children: ReactNode }) {
  const theme = useTheme(inOutlook);
  return (
    <FluentProvider theme={theme} style={{ minHeight: "100vh" }}>
      {children}
    </FluentProvider>
  );
}

function NotInOutlook({ start }: { start: Exclude<Start, "ready"> }) {
  const text = useText();
  return start === "elsewhere" ? (
    <Empty title={text.notInOutlook} hint={text.notInOutlookHint} />
  ) : (
    <Empty title={text.officeMissing} hint={text.officeMissingHint} retry={() => window.location.reload()} />
  );
}

function Desk({ settings }: { settings: Settings }) {
  const text = useText();
  const signIn = useQuery({
    queryKey: ["sign-in"],
    queryFn: async () => {
      const opened = await openSignIn(settings, person().address);
      return { signIn: opened, ask: openAsk(opened) };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

  if (signIn.isError) return <Failure error={signIn.error} retry={() => signIn.refetch()} />;
  if (!signIn.data) return <Waiting label={text.signingIn} />;
  return (
    <SignInContext value={signIn.data.signIn}>
      <AskContext value={signIn.data.ask}>
        <SignedIn addresses={signIn.data.signIn.addresses} />
      </AskContext>
    </SignInContext>
  );
}

function SignedIn({ addresses }: { addresses: () => string[] }) {
  const text = useText();
  const me = useMe();
  // Later on, that the desk does not answer is said where something was asked of it.
  if (me.isError && !me.data) return <Failure error={me.error} retry={() => me.refetch()} />;
  if (!me.data) return <Waiting label={text.signingIn} />;
  const stranger = somebodyElse(addresses(), person().address, me.data.mailboxes);
  if (stranger) return <Failure error={stranger} retry={() => me.refetch()} />;
  return (
    <Frame>
      <Selected />
    </Frame>
  );
}

/** A mailbox of the desk that is opened on its own gives its own address as the person's. */
function somebodyElse(signedIn: string[], outlook: string, mailboxes: { address: string }[]) {
  if (signedIn.includes(outlook) || mailboxes.some(({ address }) => address.toLowerCase() === outlook)) return null;
  return new SignInFailure("somebody_else", { signedIn: signedIn[0] ?? "", outlook });
}

/** Everything below is drawn for one mail; another mail draws it anew. */
function Selected() {
  const text = useText();
  const shown = useShown();
  const key = shown?.kind === "mail" ? shown.mail.key : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every other mail
  useEffect(dismissSuccesses, [key]);
  if (!shown) return <Waiting label={text.looking} />;
  switch (shown.kind) {
    case "nothing":
      return <Empty title={text.noMail} hint={text.noMailHint} />;
    case "something_else":
      return <Empty title={text.notAMail} hint={text.notAMailHint} />;
    case "mail":
      return (
        <ShownContext key={shown.mail.key} value={shown.mail}>
          <Mail mail={shown.mail} />
        </ShownContext>
      );
  }
}
