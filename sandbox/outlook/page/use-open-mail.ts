import { useQuery } from "@tanstack/react-query";
import type { GraphMailbox } from "../graph/client.ts";
import type { OpenMail } from "../host/read-item.ts";

/** The mail that is selected, whole. */
export function useOpenMail(mailbox: GraphMailbox, id: string | null) {
  return useQuery({
    queryKey: ["mail", mailbox.address, id],
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => loadMail(mailbox, id ?? ""),
  });
}

async function loadMail(mailbox: GraphMailbox, id: string): Promise<OpenMail> {
  const mail = await mailbox.mail(id);
  // `hasAttachments` is false when all are inline; the body then names them by cid.
  const some = mail.hasAttachments || /["'(]cid:/i.test(mail.body.content);
  return { mail, attachments: some ? await mailbox.attachments(id) : [] };
}
