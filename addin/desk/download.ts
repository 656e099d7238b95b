import { tell } from "../pane/notices.tsx";
import { useText } from "../text/text.tsx";
import { useAsk } from "./desk.tsx";

/** The browser saves the file; it is never opened in the pane, whatever type it claims to be. */
export function useDownload() {
  const ask = useAsk();
  const text = useText();
  return async (path: string, name: string) => {
    try {
      const url = URL.createObjectURL(await ask.content(path));
      const link = Object.assign(document.createElement("a"), { href: url, download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch {
      tell("error", text.downloadFailed(name));
    }
  };
}
