const encoded = encodeURIComponent;

/** The path of a mailbox's messages, or of those in one folder. */
export const messagesOf = (mailbox: string, folder?: string) =>
  folder ? `/users/${encoded(mailbox)}/mailFolders/${folder}/messages` : `/users/${encoded(mailbox)}/messages`;

export const messageOf = (mailbox: string, immutableId: string) => `${messagesOf(mailbox)}/${encoded(immutableId)}`;
