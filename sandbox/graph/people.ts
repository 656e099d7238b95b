import { type GraphCall, type GraphReply, metadata, ok } from "./call.ts";

/** The directory's few words about the owner of a mailbox. */
export function showPerson(call: GraphCall): GraphReply {
  const { objectId, name, address } = call.mailbox;
  return ok({
    "@odata.context": metadata(call, "users/$entity"),
    id: objectId,
    displayName: name,
    mail: address,
    userPrincipalName: address,
    businessPhones: [],
  });
}
