/** What a call of the Outlook API answers: the value, or the number of Outlook's error. */
export type Answer = Record<string, unknown>;

/** The item that an add-in sees, read or composed: its first data, and every call about it. */
export type ItemModel = {
  initialData(): InitialData;
  execute(dispatchId: number, params: unknown): Promise<Answer>;
};

/** `itemType` as Office.js numbers it. */
export const itemType = { messageRead: 1, messageCompose: 4, none: 6 } as const;

/** Recipients as the wire has them; Office.js makes `{emailAddress, displayName}` of it. */
export type WireAddress = { address: string; name: string; recipientType: 0 | 1 | 2 | 3 };

export type WireAttachment = {
  id: string;
  name: string;
  contentType: string;
  size: number;
  attachmentType: 0 | 1 | 2;
  isInline: boolean;
};

export type InitialData = {
  itemType: 1 | 4 | 6;
  permissionLevel: 0 | 1 | 2 | 3;
  userEmailAddress: string;
  userDisplayName: string;
  userTimeZone: string;
  userProfileType: "enterprise";
  hostVersion: string;
  owaView: "OneColumn" | "TwoColumns" | "ThreeColumns";
  ewsUrl: string;
  restUrl: string;
} & Record<string, unknown>;

export const done: Answer = { error: false };
export const value = (data: unknown): Answer => ({ error: false, data });
export const failure = (errorCode: number): Answer => ({ error: true, errorCode });

/** Outlook's error numbers that the sandbox gives; Office.js has their texts in every language. */
export const outlookError = {
  internalFormat: 9002,
  invalidAttachmentId: 9003,
  attachmentToDeleteMissing: 9008,
  genericToken: 9018,
  saveError: 9021,
  duplicateNotification: 9023,
  notificationMissing: 9024,
  tooManyNotifications: 9025,
  invalidParameter: 9031,
  itemNotSaved: 9046,
  keyNotFound: 9050,
} as const;
