import { useDownload } from "../desk/download.ts";
import { useText } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";

/** The mail as it came, for whoever wants to look at it with another program. */
export function useSaveOriginal() {
  const download = useDownload();
  const text = useText(trayText);
  return (messageId: string, subject: string) =>
    download(`/mails/${messageId}/original`, `${subject.slice(0, 80) || text.noSubject}.eml`);
}
