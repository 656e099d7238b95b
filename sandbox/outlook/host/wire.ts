import { z } from "zod";

/**
 * The envelopes that Office.js and Outlook on the web exchange by postMessage, as JSON strings.
 * Read from the unminified `outlook-web-16.01.debug.js` of npm's @microsoft/office-js.
 */
export const Request = z.object({
  _messageType: z.literal(0),
  _actionName: z.string(),
  _conversationId: z.string(),
  _correlationId: z.number(),
  _data: z.unknown(),
  _actionType: z.union([z.literal(0), z.literal(1), z.literal(2)]),
});
export type Request = z.infer<typeof Request>;

/** What `_actionType` says. */
export const actionType = { invoke: 0, registerEvent: 1, unregisterEvent: 2 } as const;

export type Response = {
  _messageType: 1;
  _actionName: string;
  _conversationId: string;
  _correlationId: number;
  _origin: string;
  _data: unknown;
  _errorCode: 0 | -2;
  _responseType: 0 | 1;
  _serializerVersion: 1;
};

/** The body of `ExecuteMethod`: a call of the Outlook API. */
export const ApiCall = z.object({
  ApiParams: z.unknown().optional(),
  MethodData: z.object({ DispatchId: z.number() }),
});

/** The body of `executeMethod`, with a lower-case e: a call of the Office API below Outlook's. */
export const OfficeCall = z.looseObject({ DdaMethod: z.object({ DispatchId: z.number() }) });
export type OfficeCall = z.infer<typeof OfficeCall>;

/** The body of an event's registration. */
export const Registration = z.object({ eventDispId: z.number(), targetId: z.string().optional() });

/** One line of the log that the debugging panel shows. */
export type LogEntry = { id: string; at: number; dir: "in" | "out"; message: unknown };
