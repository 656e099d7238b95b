/**
 * The sandbox's tables. A mail's bytes and bodies are kept apart from the row that lists read,
 * so that a folder of large mails lists as fast as one of small ones.
 */
export const schema = `
create table if not exists mailbox (
  id integer primary key, object_id text not null unique, address text not null unique collate nocase,
  name text not null, kind text not null
);
create table if not exists folder (
  id integer primary key, mailbox_id integer not null references mailbox, parent_id integer references folder,
  public_id text not null unique, well_known text, name text not null, delta_epoch integer not null default 1
);
create index if not exists folder_of_mailbox on folder (mailbox_id, well_known);

create table if not exists content (id integer primary key, size integer not null);
create table if not exists content_chunk (
  content_id integer not null references content on delete cascade, position integer not null, bytes blob not null
);
create index if not exists chunk_of_content on content_chunk (content_id, position);

create table if not exists message (
  id integer primary key, mailbox_id integer not null references mailbox, folder_id integer not null references folder,
  immutable_id text not null unique, mutable_id text not null unique,
  seq integer not null, arrived_seq integer not null,
  created_at text not null, modified_at text not null, received_at text not null, sent_at text not null,
  subject text not null collate nocase, body_preview text not null, from_address text not null collate nocase,
  internet_message_id text not null collate nocase, in_reply_to text, reference_ids text not null default '',
  conversation_id text not null collate nocase, conversation_index text not null,
  has_attachments integer not null, is_read integer not null, is_draft integer not null,
  fields text not null, content_id integer references content, size integer not null
);
create index if not exists message_by_change on message (folder_id, seq);
create index if not exists message_by_time on message (folder_id, received_at);
create index if not exists message_by_mailbox_time on message (mailbox_id, received_at);
create index if not exists message_by_read on message (folder_id, is_read, received_at);
create index if not exists message_by_internet_id on message (mailbox_id, internet_message_id);
create index if not exists message_by_conversation on message (mailbox_id, conversation_id);
create index if not exists message_by_seq on message (seq);
create index if not exists message_by_content on message (content_id);

create table if not exists message_body (
  message_id integer primary key references message on delete cascade,
  html text, plain text, headers text not null
);
create table if not exists attachment (
  id integer primary key, message_id integer not null references message on delete cascade,
  public_id text not null unique, kind text not null, name text not null, content_type text not null,
  size integer not null, is_inline integer not null, cid text, part integer,
  content_id integer references content, modified_at text not null
);
create index if not exists attachment_of_message on attachment (message_id);
create index if not exists attachment_by_content on attachment (content_id);
create table if not exists extended_property (
  message_id integer not null references message on delete cascade, property text not null,
  value text not null collate nocase, primary key (message_id, property)
) without rowid;
create index if not exists extended_property_value on extended_property (property, value);

create table if not exists removal (
  seq integer primary key, folder_id integer not null, immutable_id text not null, mutable_id text not null
);
create index if not exists removal_of_folder on removal (folder_id, seq);

create table if not exists category (
  id text primary key, mailbox_id integer not null references mailbox, name text not null, color text not null
);
create table if not exists upload_session (
  token text primary key, message_id integer not null references message on delete cascade,
  item text not null, size integer not null, received integer not null, content_id integer not null references content,
  expires_at text not null
);
create table if not exists subscription (
  id text primary key, app_id text not null, creator_id text not null, mailbox_id integer not null, folder_id integer,
  resource text not null, change_types text not null, notification_url text not null, lifecycle_url text,
  client_state text, immutable integer not null, expires_at text not null
);
create table if not exists notification (
  id integer primary key, subscription_id text not null references subscription on delete cascade,
  url text not null, body text not null, attempts integer not null default 0, due_at integer not null, born_at integer not null
);
create index if not exists notification_due on notification (url, due_at);

create table if not exists late_copy (
  message_id integer primary key references message on delete cascade, mailbox_id integer not null references mailbox,
  content_id integer not null references content, size integer not null, sent_at text not null, due_at integer not null,
  changes_id integer not null
);
create table if not exists outside (
  id integer primary key, at text not null, sender text not null, recipients text not null, content_id integer not null references content
);
create table if not exists sender_domain (domain text primary key collate nocase, spf text, dkim text, dmarc text);
create table if not exists ledger (
  id integer primary key, at text not null, effect text not null, mailbox text, message_id text,
  internet_message_id text, subject text, key text, detail text not null
);
create table if not exists signing_key (id integer primary key, kid text not null unique, jwk text not null);
create table if not exists dataverse_row (
  "table" text not null, id text not null, version integer not null, fields text not null, primary key ("table", id)
) without rowid;
create index if not exists dataverse_row_by_version on dataverse_row ("table", version);
create table if not exists dataverse_deletion (
  "table" text not null, version integer not null, id text not null, primary key ("table", version)
) without rowid;
create table if not exists dataverse_forgetting (id integer primary key, at text not null);
create table if not exists refresh_token (
  token text primary key, object_id text not null, client_id text not null, scope text not null, expires_at integer not null
);
`;
