import { Badge } from "@fluentui/react-components";
import { MailAlertRegular } from "@fluentui/react-icons/svg/mail-alert";
import { bouncesText } from "../text/bounces.ts";
import { useText } from "../text/text.tsx";

/** Our newest mail of this ticket went nowhere; in words, because colour alone tells not everybody. */
export function Undelivered() {
  const text = useText(bouncesText);
  return (
    <Badge appearance="tint" color="danger" icon={<MailAlertRegular aria-hidden />}>
      {text.undelivered}
    </Badge>
  );
}
