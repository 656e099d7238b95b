import { useEffect, useState } from "react";
import { useAsk } from "./desk.tsx";

/** The addresses under which pictures can be shown, by the files' ids; they need the person's token, so they are fetched as blobs. */
export function useImages(files: readonly { id: string; type: string }[]): ReadonlyMap<string, string> {
  const ask = useAsk();
  const [images, setImages] = useState(() => new Map<string, string>());
  const wanted = files
    .filter(({ type }) => type.startsWith("image/"))
    .map(({ id }) => id)
    .join(" ");

  useEffect(() => {
    let gone = false;
    const urls: string[] = [];
    for (const id of wanted.split(" ").filter(Boolean)) {
      ask.content(`/attachments/${id}`).then(
        (content) => {
          if (gone) return;
          const url = URL.createObjectURL(content);
          urls.push(url);
          setImages((known) => new Map(known).set(id, url));
        },
        // The image keeps its place without showing; the file's own button tells why it cannot be fetched.
        () => undefined,
      );
    }
    return () => {
      gone = true;
      for (const url of urls) URL.revokeObjectURL(url);
    };
  }, [wanted, ask]);

  return images;
}
