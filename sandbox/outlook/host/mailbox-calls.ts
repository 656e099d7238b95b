import { z } from "zod";
import type { Recipient } from "../graph/client.ts";
import type { Calls } from "./call.ts";
import { done, failure, outlookError, value } from "./item.ts";
import type { Surroundings } from "./surroundings.ts";

const Opened = z.object({ itemId: z.string() });

const NewMessage = z.object({
  toRecipients: z.array(z.string()).nullish(),
  ccRecipients: z.array(z.string()).nullish(),
  subject: z.string().nullish(),
  htmlBody: z.string().nullish(),
});

/** The calls that belong to the mailbox or to any item. `itemId` is null while nothing is selected or a new mail is not saved. */
export function mailboxCalls(around: Surroundings, itemId: string | null): Calls {
  const { addIn, keep, mailbox, open } = around;
  const propertiesKey = `properties/${addIn.id}/${mailbox.address}/${itemId}`;

  return {
    // loadCustomPropertiesAsync: the whole answer has a shape of its own.
    3: {
      needs: "Restricted",
      run: () => ({ wasSuccessful: true, customProperties: JSON.stringify(keep.read(propertiesKey)) }),
    },
    // customProperties.saveAsync
    4: {
      needs: "Restricted",
      run: (params) => {
        const { customProperties } = z.object({ customProperties: z.record(z.string(), z.unknown()) }).parse(params);
        // learn.microsoft.com/javascript/api/outlook/office.customproperties: at most 2,500 characters.
        if (JSON.stringify(customProperties).length > 2500) return failure(outlookError.saveError);
        keep.write(propertiesKey, customProperties);
        return done;
      },
    },
    // roamingSettings.saveAsync: an array of one object.
    404: {
      needs: "Restricted",
      run: (params) => {
        const [settings] = z.array(z.record(z.string(), z.string())).parse(params);
        // learn.microsoft.com/javascript/api/outlook/office.roamingsettings: 32 KB.
        if (JSON.stringify(settings ?? {}).length > 32 * 1024) return failure(outlookError.saveError);
        keep.write(roamingKey(around), settings ?? {});
        return done;
      },
    },
    // displayMessageForm and its Async form
    ...Object.fromEntries([9, 179].map((id) => [id, { needs: "ReadItem", run: show }])),
    // displayNewMessageForm and its Async form
    ...Object.fromEntries([44, 178].map((id) => [id, { needs: "ReadItem", run: compose }])),
    // Legacy Exchange tokens are switched off in every tenant since October 2025: 9018.
    12: {
      needs: "ReadItem",
      run: () => ({ wasSuccessful: false, errorCode: outlookError.genericToken, errorMessage: legacyTokens }),
    },
    2: {
      needs: "ReadItem",
      run: () => ({ wasSuccessful: false, errorCode: outlookError.genericToken, errorMessage: legacyTokens }),
    },
    // Telemetry, and window.open in Office.js's clothes
    ...Object.fromEntries([163, 193, 400, 401, 402].map((id) => [id, { needs: "Restricted", run: () => done }])),
    403: {
      needs: "Restricted",
      run: (params) => {
        const { launchUrl } = z.object({ launchUrl: z.url({ protocol: /^https$/ }) }).parse(params);
        window.open(launchUrl, "_blank", "noopener");
        return value(true);
      },
    },
  };

  function show(params: unknown) {
    open({ kind: "show", mailId: Opened.parse(params).itemId });
    return done;
  }

  function compose(params: unknown) {
    const wanted = NewMessage.parse(params ?? {});
    open({
      kind: "new",
      to: recipients(wanted.toRecipients),
      cc: recipients(wanted.ccRecipients),
      subject: wanted.subject ?? "",
      html: wanted.htmlBody ?? "",
    });
    return done;
  }
}

const legacyTokens = "Legacy Exchange tokens are turned off. Use nested app authentication.";

const recipients = (addresses: string[] | null | undefined): Recipient[] =>
  (addresses ?? []).map((address) => ({ name: "", address }));

/** Roaming settings belong to the person, whichever mailbox she has open. */
export const roamingKey = ({ addIn, person }: Pick<Surroundings, "addIn" | "person">) =>
  `roaming/${addIn.id}/${person.address}`;
