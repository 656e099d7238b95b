import { z } from "zod";

/** Whose mail it is and which ticket it belongs to, with the evidence. Kept with the message. */
export const Match = z.object({
  contactId: z.string().nullable(),
  organizationId: z.string().nullable(),
  ticketId: z.string().nullable(),
  because: z.array(z.string()),
  /** What rests on evidence that a stranger could forge: for an agent to decide. */
  suggestions: z.object({
    contacts: z.array(z.object({ contactId: z.string(), because: z.string() })),
    /** Of people whom we do not know. */
    addresses: z.array(z.object({ name: z.string(), address: z.string(), because: z.string() })).default([]),
    tickets: z.array(z.object({ ticketId: z.string(), because: z.string() })),
  }),
  /** Why nobody believes it yet; null when there is nothing to doubt. */
  heldBecause: z.string().nullable(),
});
export type Match = z.infer<typeof Match>;
