import { useEffect, useState } from "react";
import type { Attachment, GraphMailbox, Mail } from "../graph/client.ts";
import { bare } from "./mail-frame.tsx";

const none = new Map<string, string>();

/** The pictures inside a mail, by content id, as data that its frame may show. */
export function usePictures(mailbox: GraphMailbox, mail: Mail, attachments: Attachment[]): Map<string, string> {
  const [pictures, setPictures] = useState(none);

  useEffect(() => {
    let wanted = true;
    setPictures(none);
    if (!/cid:/i.test(mail.body.content)) return;
    void load().then((found) => wanted && setPictures(found));
    return () => {
      wanted = false;
    };

    async function load() {
      const found = new Map<string, string>();
      for (const { id, contentType } of attachments) {
        if (!contentType?.startsWith("image/") || contentType === "image/svg+xml") continue;
        const { contentId } = await mailbox.attachment(mail.id, id);
        if (contentId) found.set(bare(contentId), await dataAddress(await mailbox.content(mail.id, id), contentType));
      }
      return found;
    }
  }, [mailbox, mail, attachments]);

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
