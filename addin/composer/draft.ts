import { useEffect, useState } from "react";
import { z } from "zod";
import { FileView } from "../../server/desk/contract/mails.ts";
import { ContactView } from "../../server/desk/contract/people.ts";
import { Status } from "../../server/desk/contract/tickets.ts";

/** What is being written on a ticket, before it is anything. Internal until the agent says otherwise. */
const Draft = z.object({
  audience: z.enum(["internal", "customer"]),
  html: z.string(),
  files: z.array(FileView),
  cc: z.array(z.string()),
  withHistory: z.boolean(),
  /** A mail with a subject of its own, to people who were chosen one by one; null: a note or a reply. */
  newMail: z.object({ subject: z.string(), to: z.array(ContactView) }).nullable(),
  /** Null leaves the status as it is. */
  thenStatus: Status.nullable(),
});
export type Draft = z.infer<typeof Draft>;

export const emptyDraft: Draft = {
  audience: "internal",
  html: "",
  files: [],
  cc: [],
  withHistory: false,
  newMail: null,
  thenStatus: "waiting_on_customer",
};

/**
 * One draft per ticket and agent, in the tab's own storage: selecting another mail, a reload of the pane and a failed
 * request lose nothing, and closing Outlook ends it. It holds the agent's own words only, never what others wrote.
 */
export function useDraft(agentId: string, number: number) {
  const name = `deskhatch.draft.${agentId}.${number}`;
  const [draft, setDraft] = useState(() => read(name));

  useEffect(() => {
    if (isEmpty(draft)) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(draft));
  }, [name, draft]);
  return [draft, setDraft] as const;
}

const isEmpty = ({ html, files }: Draft) => html === "" && files.length === 0;

function read(name: string): Draft {
  const kept = sessionStorage.getItem(name);
  if (kept === null) return emptyDraft;
  const draft = Draft.safeParse(JSON.parse(kept));
  return draft.success ? draft.data : emptyDraft;
}

/** Whether it can be sent as it stands. */
export const isAddressed = ({ newMail }: Draft) =>
  newMail === null || (newMail.subject.trim() !== "" && newMail.to.length > 0);
