import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import type { EntryView } from "../../server/desk/contract/tickets.ts";
import { type BouncesText, bouncesText } from "../text/bounces.ts";
import { useText } from "../text/text.tsx";

type Bounce = EntryView["bounces"][number];

/** To whom a mail did not come and why, with what to do; a mail that is only late is no error. */
export function Bounces({ bounces }: { bounces: Bounce[] }) {
  const text = useText(bouncesText);
  const failed = bounces.filter(({ permanent }) => permanent);
  const late = bounces.filter(
    (each) => !each.permanent && !failed.some(({ recipient }) => recipient === each.recipient),
  );
  return (
    <>
      {failed.map((bounce) => (
        <MessageBar key={`${bounce.recipient} ${bounce.at}`} intent="error" layout="multiline">
          <MessageBarBody>{sentenceOf(bounce, text)}</MessageBarBody>
        </MessageBar>
      ))}
      {[...new Set(late.map(({ recipient }) => recipient))].map((recipient) => (
        <MessageBar key={recipient} intent="warning" layout="multiline">
          <MessageBarBody>{text.arrivesLate(recipient)}</MessageBarBody>
        </MessageBar>
      ))}
    </>
  );
}

function sentenceOf({ recipient, status }: Bounce, text: BouncesText) {
  const { reason, whatToDo } = text.bounceReasons[reasonOf(status)];
  return `${text.didNotArrive(recipient, status ? `${reason} (${status})` : reason)} ${whatToDo}`;
}

type Reason = keyof BouncesText["bounceReasons"];

/** RFC 3463, 3.2 to 3.8: the last two numbers name the cause. */
const causes: [RegExp, Reason][] = [
  [/\.1\.2$|\.4\.4$|\.1\.8$/, "noDomain"],
  [/\.1\.\d+$/, "noAddress"],
  [/\.2\.2$/, "full"],
  [/\.2\.1$/, "disabled"],
  [/\.2\.3$|\.3\.4$/, "tooLarge"],
  [/\.7\.\d+$/, "refused"],
  [/\.4\.7$/, "triedLong"],
];

const reasonOf = (status: string | null): Reason =>
  causes.find(([pattern]) => status !== null && pattern.test(status))?.[1] ?? "unknown";
