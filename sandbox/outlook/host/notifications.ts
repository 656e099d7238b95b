import { z } from "zod";
import type { Calls } from "./call.ts";
import { done, failure, outlookError, value } from "./item.ts";
import type { Notification } from "./surroundings.ts";

/** Numbers come in, words go out: Office.js does not translate back. */
const types = ["informationalMessage", "progressIndicator", "errorMessage", "insightMessage"] as const;

const Shown = z.object({
  key: z.string().max(32),
  type: z.number().int().min(0).max(3),
  message: z.string().max(150),
  icon: z.string().optional(),
  persistent: z.boolean().optional(),
});

/** learn.microsoft.com/javascript/api/outlook/office.notificationmessages: five for an item. */
const mostAtOnce = 5;

/** `item.notificationMessages`: the bars above a mail. */
export function notificationCalls(onChange: (all: Notification[]) => void): Calls {
  const shown = new Map<string, Notification>();
  return {
    // addAsync
    33: {
      needs: "ReadItem",
      run: (params) => {
        const { key } = Shown.parse(params);
        if (shown.has(key)) return failure(outlookError.duplicateNotification);
        if (shown.size >= mostAtOnce) return failure(outlookError.tooManyNotifications);
        return put(params);
      },
    },
    // getAllAsync
    34: { needs: "ReadItem", run: () => value([...shown.values()]) },
    // replaceAsync
    35: {
      needs: "ReadItem",
      run: (params) => (shown.has(Shown.parse(params).key) ? put(params) : failure(outlookError.notificationMissing)),
    },
    // removeAsync
    36: {
      needs: "ReadItem",
      run: (params) => {
        const { key } = z.object({ key: z.string() }).parse(params);
        if (!shown.delete(key)) return failure(outlookError.notificationMissing);
        onChange([...shown.values()]);
        return done;
      },
    },
  };

  function put(params: unknown) {
    const { type, ...rest } = Shown.parse(params);
    shown.set(rest.key, { ...rest, type: types[type] ?? "informationalMessage" });
    onChange([...shown.values()]);
    return done;
  }
}
