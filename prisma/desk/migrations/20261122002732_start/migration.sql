-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "AgentRole" AS ENUM ('agent', 'lead', 'admin');

-- CreateEnum
CREATE TYPE "PortalScope" AS ENUM ('all', 'from_date', 'only_new', 'none');

-- CreateEnum
CREATE TYPE "MailboxMode" AS ENUM ('on_conversion', 'every_mail');

-- CreateEnum
CREATE TYPE "InboxState" AS ENUM ('pending', 'filed', 'gone', 'held');

-- CreateEnum
CREATE TYPE "MessageKind" AS ENUM ('message', 'auto_reply', 'bounce', 'feedback_report', 'calendar');

-- CreateEnum
CREATE TYPE "TicketStatus" AS ENUM ('new', 'in_progress', 'waiting_on_customer', 'waiting_on_third_party', 'resolved', 'closed', 'cancelled');

-- CreateEnum
CREATE TYPE "Priority" AS ENUM ('low', 'normal', 'high', 'urgent');

-- CreateEnum
CREATE TYPE "Channel" AS ENUM ('email', 'portal', 'phone', 'web_service');

-- CreateEnum
CREATE TYPE "EntryKind" AS ENUM ('mail_received', 'reply', 'note', 'status_change', 'assignment', 'file', 'time', 'appointment', 'portal_message', 'resolution', 'system');

-- CreateEnum
CREATE TYPE "SendingState" AS ENUM ('waiting', 'drafted', 'sending', 'sent', 'taken_back', 'failed');

-- CreateTable
CREATE TABLE "agents" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "role" "AgentRole" NOT NULL DEFAULT 'agent',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "agents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organizations" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "personal" BOOLEAN NOT NULL DEFAULT false,
    "language" TEXT NOT NULL DEFAULT 'en',
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "portal_scope" "PortalScope" NOT NULL DEFAULT 'none',
    "portal_scope_from" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organization_domains" (
    "domain" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "include_subdomains" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "organization_domains_pkey" PRIMARY KEY ("domain")
);

-- CreateTable
CREATE TABLE "contacts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT,
    "invited_at" TIMESTAMPTZ(3),
    "invited_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_addresses" (
    "address" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "primary" BOOLEAN NOT NULL DEFAULT false,
    "taught_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_addresses_pkey" PRIMARY KEY ("address")
);

-- CreateTable
CREATE TABLE "mailboxes" (
    "id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mode" "MailboxMode" NOT NULL DEFAULT 'on_conversion',
    "team" TEXT,
    "client_state" TEXT NOT NULL,
    "subscription_id" TEXT,
    "subscription_expires_at" TIMESTAMPTZ(3),
    "delta_link" TEXT,
    "last_synced_at" TIMESTAMPTZ(3),
    "trouble" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mailboxes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" BIGSERIAL NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "mailbox_id" UUID,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "handled_at" TIMESTAMPTZ(3),

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_items" (
    "mailbox_id" UUID NOT NULL,
    "immutable_id" TEXT NOT NULL,
    "state" "InboxState" NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_items_pkey" PRIMARY KEY ("mailbox_id","immutable_id")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" UUID NOT NULL,
    "mailbox_id" UUID,
    "immutable_id" TEXT,
    "fingerprint" TEXT NOT NULL,
    "internet_message_id" TEXT,
    "in_reply_to" TEXT,
    "references" TEXT[],
    "conversation_id" TEXT,
    "outgoing" BOOLEAN NOT NULL DEFAULT false,
    "kind" "MessageKind" NOT NULL DEFAULT 'message',
    "subject" TEXT NOT NULL,
    "from_name" TEXT NOT NULL,
    "from_address" TEXT NOT NULL,
    "recipients" JSONB NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "text" TEXT NOT NULL,
    "visible_text" TEXT NOT NULL,
    "quoted_text" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "visible_html" TEXT NOT NULL,
    "quoted_html" TEXT NOT NULL,
    "authentication" JSONB NOT NULL,
    "match" JSONB NOT NULL,
    "details" JSONB NOT NULL,
    "warnings" TEXT[],
    "held_because" TEXT,
    "raw_sha256" TEXT NOT NULL,
    "raw_size" INTEGER NOT NULL,
    "ticket_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_copies" (
    "message_id" UUID NOT NULL,
    "mailbox_id" UUID NOT NULL,
    "immutable_id" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_copies_pkey" PRIMARY KEY ("mailbox_id","immutable_id")
);

-- CreateTable
CREATE TABLE "attachments" (
    "id" UUID NOT NULL,
    "message_id" UUID,
    "entry_id" UUID,
    "position" INTEGER NOT NULL DEFAULT 0,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "content_id" TEXT,
    "inline" BOOLEAN NOT NULL DEFAULT false,
    "uploaded_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tickets" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "organization_id" UUID NOT NULL,
    "requester_id" UUID NOT NULL,
    "assignee_id" UUID,
    "mailbox_id" UUID,
    "subject" TEXT NOT NULL,
    "team" TEXT,
    "priority" "Priority" NOT NULL DEFAULT 'normal',
    "status" "TicketStatus" NOT NULL DEFAULT 'new',
    "channel" "Channel" NOT NULL DEFAULT 'email',
    "thread_key" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "opened_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "tickets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "participants" (
    "ticket_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "because" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "participants_pkey" PRIMARY KEY ("ticket_id","contact_id")
);

-- CreateTable
CREATE TABLE "entries" (
    "id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "kind" "EntryKind" NOT NULL,
    "agent_id" UUID,
    "contact_id" UUID,
    "message_id" UUID,
    "answers_id" UUID,
    "html" TEXT NOT NULL DEFAULT '',
    "quoted_html" TEXT NOT NULL DEFAULT '',
    "facts" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "releases" (
    "id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "released_by_id" UUID,
    "rule" TEXT,
    "client" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "html_sha256" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "publish_after" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),
    "retracted_by_id" UUID,
    "retracted_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "releases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release_files" (
    "release_id" UUID NOT NULL,
    "attachment_id" UUID NOT NULL,

    CONSTRAINT "release_files_pkey" PRIMARY KEY ("release_id","attachment_id")
);

-- CreateTable
CREATE TABLE "portal_tickets" (
    "ticket_id" UUID NOT NULL,
    "released_by_id" UUID,
    "rule" TEXT,
    "released_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portal_tickets_pkey" PRIMARY KEY ("ticket_id")
);

-- CreateTable
CREATE TABLE "secure_links" (
    "id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "secure_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sendings" (
    "id" UUID NOT NULL,
    "ticket_id" UUID,
    "entry_id" UUID,
    "release_id" UUID,
    "mailbox_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "mail" JSONB NOT NULL,
    "send_after" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" "SendingState" NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "draft_id" TEXT,
    "internet_message_id" TEXT,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "sendings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_records" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "agent_id" UUID,
    "contact_id" UUID,
    "rule" TEXT,
    "act" TEXT NOT NULL,
    "ticket_id" UUID,
    "subject" TEXT,
    "client" TEXT,
    "ip" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_records_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotent_answers" (
    "agent_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_answers_pkey" PRIMARY KEY ("agent_id","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "agents_tenant_id_object_id_key" ON "agents"("tenant_id", "object_id");

-- CreateIndex
CREATE INDEX "organization_domains_organization_id_idx" ON "organization_domains"("organization_id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_name_idx" ON "contacts"("organization_id", "name");

-- CreateIndex
CREATE INDEX "contact_addresses_contact_id_idx" ON "contact_addresses"("contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "mailboxes_address_key" ON "mailboxes"("address");

-- CreateIndex
CREATE INDEX "notices_mailbox_id_handled_at_idx" ON "notices"("mailbox_id", "handled_at");

-- CreateIndex
CREATE INDEX "notices_received_at_idx" ON "notices"("received_at");

-- CreateIndex
CREATE INDEX "inbox_items_state_seen_at_idx" ON "inbox_items"("state", "seen_at");

-- CreateIndex
CREATE INDEX "messages_internet_message_id_idx" ON "messages"("internet_message_id");

-- CreateIndex
CREATE INDEX "messages_ticket_id_idx" ON "messages"("ticket_id");

-- CreateIndex
CREATE INDEX "messages_held_because_received_at_idx" ON "messages"("held_because", "received_at");

-- CreateIndex
CREATE INDEX "messages_from_address_received_at_idx" ON "messages"("from_address", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "messages_mailbox_id_immutable_id_key" ON "messages"("mailbox_id", "immutable_id");

-- CreateIndex
CREATE UNIQUE INDEX "messages_fingerprint_key" ON "messages"("fingerprint");

-- CreateIndex
CREATE INDEX "message_copies_message_id_idx" ON "message_copies"("message_id");

-- CreateIndex
CREATE INDEX "attachments_message_id_position_idx" ON "attachments"("message_id", "position");

-- CreateIndex
CREATE INDEX "attachments_entry_id_position_idx" ON "attachments"("entry_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "tickets_number_key" ON "tickets"("number");

-- CreateIndex
CREATE UNIQUE INDEX "tickets_thread_key_key" ON "tickets"("thread_key");

-- CreateIndex
CREATE INDEX "tickets_organization_id_updated_at_idx" ON "tickets"("organization_id", "updated_at" DESC);

-- CreateIndex
CREATE INDEX "tickets_requester_id_updated_at_idx" ON "tickets"("requester_id", "updated_at" DESC);

-- CreateIndex
CREATE INDEX "tickets_assignee_id_status_updated_at_idx" ON "tickets"("assignee_id", "status", "updated_at" DESC);

-- CreateIndex
CREATE INDEX "tickets_status_updated_at_idx" ON "tickets"("status", "updated_at" DESC);

-- CreateIndex
CREATE INDEX "participants_contact_id_idx" ON "participants"("contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "entries_message_id_key" ON "entries"("message_id");

-- CreateIndex
CREATE INDEX "entries_ticket_id_at_id_idx" ON "entries"("ticket_id", "at", "id");

-- CreateIndex
CREATE INDEX "releases_entry_id_idx" ON "releases"("entry_id");

-- CreateIndex
CREATE INDEX "releases_ticket_id_released_at_idx" ON "releases"("ticket_id", "released_at");

-- CreateIndex
CREATE INDEX "releases_published_at_publish_after_idx" ON "releases"("published_at", "publish_after");

-- CreateIndex
CREATE UNIQUE INDEX "secure_links_secret_hash_key" ON "secure_links"("secret_hash");

-- CreateIndex
CREATE INDEX "secure_links_ticket_id_idx" ON "secure_links"("ticket_id");

-- CreateIndex
CREATE UNIQUE INDEX "sendings_release_id_key" ON "sendings"("release_id");

-- CreateIndex
CREATE UNIQUE INDEX "sendings_key_key" ON "sendings"("key");

-- CreateIndex
CREATE INDEX "sendings_state_send_after_idx" ON "sendings"("state", "send_after");

-- CreateIndex
CREATE INDEX "sendings_internet_message_id_idx" ON "sendings"("internet_message_id");

-- CreateIndex
CREATE INDEX "sendings_entry_id_idx" ON "sendings"("entry_id");

-- CreateIndex
CREATE INDEX "audit_records_ticket_id_at_idx" ON "audit_records"("ticket_id", "at");

-- CreateIndex
CREATE INDEX "audit_records_at_idx" ON "audit_records"("at");

-- CreateIndex
CREATE INDEX "idempotent_answers_at_idx" ON "idempotent_answers"("at");

-- AddForeignKey
ALTER TABLE "organization_domains" ADD CONSTRAINT "organization_domains_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact_addresses" ADD CONSTRAINT "contact_addresses_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inbox_items" ADD CONSTRAINT "inbox_items_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailboxes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailboxes"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message_copies" ADD CONSTRAINT "message_copies_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_requester_id_fkey" FOREIGN KEY ("requester_id") REFERENCES "contacts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_assignee_id_fkey" FOREIGN KEY ("assignee_id") REFERENCES "agents"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "participants" ADD CONSTRAINT "participants_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "participants" ADD CONSTRAINT "participants_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_released_by_id_fkey" FOREIGN KEY ("released_by_id") REFERENCES "agents"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_retracted_by_id_fkey" FOREIGN KEY ("retracted_by_id") REFERENCES "agents"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_files" ADD CONSTRAINT "release_files_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "releases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_files" ADD CONSTRAINT "release_files_attachment_id_fkey" FOREIGN KEY ("attachment_id") REFERENCES "attachments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portal_tickets" ADD CONSTRAINT "portal_tickets_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "secure_links" ADD CONSTRAINT "secure_links_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sendings" ADD CONSTRAINT "sendings_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sendings" ADD CONSTRAINT "sendings_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sendings" ADD CONSTRAINT "sendings_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "releases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sendings" ADD CONSTRAINT "sendings_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailboxes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Numbers that people read aloud: four digits from the first day.
ALTER SEQUENCE "tickets_number_seq" RESTART WITH 1001;
