import {
  Button,
  FluentProvider,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
  webDarkTheme,
  webLightTheme,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { Outlook } from "./outlook.tsx";
import { addressOf, usePlace } from "./place.ts";
import { usePreference } from "./preferences.ts";
import { loadStart, type Start } from "./start.ts";

export function App() {
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const [dark, setDark] = usePreference("dark", prefersDark);
  const start = useQuery({ queryKey: ["start"], queryFn: loadStart, staleTime: Number.POSITIVE_INFINITY });

  return (
    <FluentProvider
      theme={dark ? webDarkTheme : webLightTheme}
      style={{ height: "100dvh", colorScheme: dark ? "dark" : "light" }}
    >
      {start.data ? (
        <Signed start={start.data} dark={dark} onDark={setDark} />
      ) : start.error ? (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>Outlook cannot start</MessageBarTitle>
            {start.error.message}{" "}
            <Button size="small" onClick={() => start.refetch()}>
              Try again
            </Button>
          </MessageBarBody>
        </MessageBar>
      ) : (
        <Spinner label="Opening Outlook" style={{ height: "100%" }} />
      )}
    </FluentProvider>
  );
}

function Signed({ start, dark, onDark }: { start: Start; dark: boolean; onDark: (dark: boolean) => void }) {
  const [place, goTo] = usePlace(start.people);
  // Another mailbox is another Outlook: nothing of the last one stays on screen.
  return <Outlook key={addressOf(place)} start={start} place={place} goTo={goTo} dark={dark} onDark={onDark} />;
}
