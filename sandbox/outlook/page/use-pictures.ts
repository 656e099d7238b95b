import { useEffect, useState } from "react";
import type { GraphMailbox, Mail } from "../graph/client.ts";
import { bare } from "./mail-frame.tsx";

const none = new Map<string, string>();

/** The pictures inside a mail, by content id, as data that its frame may show. */
export function usePictures(mailbox: GraphMailbox, mail: Mail): Map<string, string> {
  const [pictures, setPictures] = useState(none);

  useEffect(() => {
    let wanted = true;
    setPictures(none);
    if (!/cid:/i.test(mail.body.content)) return;
    // A picture that cannot be loaded leaves its place empty; the words are what matters.
    load().then(
      (found) => wanted && setPictures(found),
      (error) => console.warn("A mail's pictures could not be loaded", error),
    );
    return () => {
      wanted = false;
    };

    async function load() {
      const found = new Map<string, string>();
      for (const { id, contentType } of await mailbox.attachments(mail.id)) {
        if (!contentType?.startsWith("image/") || contentType === "image/svg+xml") continue;
        const { contentId } = await mailbox.attachment(mail.id, id);
        if (contentId) found.set(bare(contentId), await dataAddress(await mailbox.content(mail.id, id), contentType));
      }
      return found;
    }
  }, [mailbox, mail]);

  return pictures;
}

/** An address that works in a frame without an origin's rights. */
function dataAddress(blob: Blob, contentType: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result));
  reader.onerror = () => reject(reader.error ?? new Error("The picture could not be read."));
  reader.readAsDataURL(new Blob([blob], { type: contentType }));
  return promise;
}
