import { z } from "zod";
import { messageOf } from "../exchange/messages.ts";
import { type GraphCall, type GraphReply, metadata, ok, readJson } from "./call.ts";

/** At most 1000 ids at a time (concepts/outlook-immutable-id). */
const Translation = z.object({
  inputIds: z.array(z.string()).max(1000),
  sourceIdType: z.string(),
  targetIdType: z.string(),
});

export function translateIds(call: GraphCall): GraphReply {
  const { inputIds, targetIdType } = readJson(call, Translation);
  const value = inputIds.flatMap((sourceId) => {
    const message = messageOf(call.store, call.mailbox.id, sourceId);
    if (!message) return [];
    return [{ sourceId, targetId: /immutable/i.test(targetIdType) ? message.immutableId : message.mutableId }];
  });
  return ok({ "@odata.context": metadata(call, "Collection(microsoft.graph.convertIdResult)"), value });
}
