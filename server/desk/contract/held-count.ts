import { z } from "zod";

/** How much waits in the tray; a thousand stands for more. A file of its own: the pane asks this before it needs the rest. */
export const HeldCount = z.strictObject({ waiting: z.number(), loops: z.number() });
