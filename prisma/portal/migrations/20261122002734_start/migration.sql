-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "organizations" (
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT NOT NULL DEFAULT 'en',
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "status_labels" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "customers" (
    "organization_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "customers_pkey" PRIMARY KEY ("organization_id","contact_id")
);

-- CreateTable
CREATE TABLE "customer_addresses" (
    "address" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,

    CONSTRAINT "customer_addresses_pkey" PRIMARY KEY ("address")
);

-- CreateTable
CREATE TABLE "published_tickets" (
    "organization_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "requester_id" UUID NOT NULL,
    "requester_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "published_tickets_pkey" PRIMARY KEY ("organization_id","ticket_id")
);

-- CreateTable
CREATE TABLE "ticket_access" (
    "organization_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "open" BOOLEAN NOT NULL DEFAULT true,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ticket_access_pkey" PRIMARY KEY ("organization_id","contact_id","ticket_id")
);

-- CreateTable
CREATE TABLE "published_entries" (
    "organization_id" UUID NOT NULL,
    "release_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "author_name" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "published_entries_pkey" PRIMARY KEY ("organization_id","release_id")
);

-- CreateTable
CREATE TABLE "published_files" (
    "organization_id" UUID NOT NULL,
    "file_id" TEXT NOT NULL,
    "release_id" UUID NOT NULL,
    "attachment_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "content_id" TEXT,

    CONSTRAINT "published_files_pkey" PRIMARY KEY ("organization_id","file_id")
);

-- CreateTable
CREATE TABLE "secure_links" (
    "link_id" UUID NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "secure_links_pkey" PRIMARY KEY ("link_id")
);

-- CreateTable
CREATE TABLE "customer_acts" (
    "organization_id" UUID NOT NULL,
    "act_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "ticket_id" UUID,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "text" TEXT NOT NULL DEFAULT '',
    "once_key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "collected_at" TIMESTAMPTZ(3),
    "became_ticket_id" UUID,

    CONSTRAINT "customer_acts_pkey" PRIMARY KEY ("organization_id","act_id")
);

-- CreateTable
CREATE TABLE "uploaded_files" (
    "organization_id" UUID NOT NULL,
    "file_id" TEXT NOT NULL,
    "act_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "uploaded_files_pkey" PRIMARY KEY ("organization_id","file_id")
);

-- CreateTable
CREATE TABLE "portal_mails" (
    "mail_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "language" TEXT NOT NULL DEFAULT 'en',
    "facts" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "portal_mails_pkey" PRIMARY KEY ("mail_id")
);

-- CreateTable
CREATE TABLE "portal_events" (
    "event_id" BIGSERIAL NOT NULL,
    "organization_id" UUID,
    "contact_id" UUID,
    "ticket_id" UUID,
    "act" TEXT NOT NULL,
    "ip" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "collected_at" TIMESTAMPTZ(3),

    CONSTRAINT "portal_events_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "portal_accounts" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portal_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portal_sessions" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portal_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portal_credentials" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portal_credentials_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portal_codes" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portal_codes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "customers_contact_id_idx" ON "customers"("contact_id");

-- CreateIndex
CREATE INDEX "customer_addresses_contact_id_idx" ON "customer_addresses"("contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "published_tickets_organization_id_number_key" ON "published_tickets"("organization_id", "number");

-- CreateIndex
CREATE INDEX "ticket_access_organization_id_contact_id_open_updated_at_ti_idx" ON "ticket_access"("organization_id", "contact_id", "open", "updated_at" DESC, "ticket_id");

-- CreateIndex
CREATE INDEX "ticket_access_organization_id_ticket_id_idx" ON "ticket_access"("organization_id", "ticket_id");

-- CreateIndex
CREATE INDEX "published_entries_organization_id_ticket_id_at_release_id_idx" ON "published_entries"("organization_id", "ticket_id", "at", "release_id");

-- CreateIndex
CREATE INDEX "published_files_organization_id_ticket_id_idx" ON "published_files"("organization_id", "ticket_id");

-- CreateIndex
CREATE UNIQUE INDEX "published_files_organization_id_release_id_attachment_id_key" ON "published_files"("organization_id", "release_id", "attachment_id");

-- CreateIndex
CREATE UNIQUE INDEX "secure_links_secret_hash_key" ON "secure_links"("secret_hash");

-- CreateIndex
CREATE INDEX "secure_links_organization_id_ticket_id_idx" ON "secure_links"("organization_id", "ticket_id");

-- CreateIndex
CREATE INDEX "customer_acts_collected_at_at_idx" ON "customer_acts"("collected_at", "at");

-- CreateIndex
CREATE INDEX "customer_acts_organization_id_ticket_id_collected_at_idx" ON "customer_acts"("organization_id", "ticket_id", "collected_at");

-- CreateIndex
CREATE UNIQUE INDEX "customer_acts_organization_id_contact_id_once_key_key" ON "customer_acts"("organization_id", "contact_id", "once_key");

-- CreateIndex
CREATE INDEX "uploaded_files_organization_id_act_id_idx" ON "uploaded_files"("organization_id", "act_id");

-- CreateIndex
CREATE INDEX "portal_mails_sent_at_created_at_idx" ON "portal_mails"("sent_at", "created_at");

-- CreateIndex
CREATE INDEX "portal_mails_address_created_at_idx" ON "portal_mails"("address", "created_at");

-- CreateIndex
CREATE INDEX "portal_events_collected_at_event_id_idx" ON "portal_events"("collected_at", "event_id");

-- CreateIndex
CREATE UNIQUE INDEX "portal_accounts_email_key" ON "portal_accounts"("email");

-- CreateIndex
CREATE UNIQUE INDEX "portal_sessions_token_key" ON "portal_sessions"("token");

-- CreateIndex
CREATE INDEX "portal_sessions_account_id_idx" ON "portal_sessions"("account_id");

-- CreateIndex
CREATE INDEX "portal_credentials_account_id_idx" ON "portal_credentials"("account_id");

-- CreateIndex
CREATE INDEX "portal_codes_identifier_idx" ON "portal_codes"("identifier");

-- AddForeignKey
ALTER TABLE "uploaded_files" ADD CONSTRAINT "uploaded_files_organization_id_act_id_fkey" FOREIGN KEY ("organization_id", "act_id") REFERENCES "customer_acts"("organization_id", "act_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portal_sessions" ADD CONSTRAINT "portal_sessions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "portal_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portal_credentials" ADD CONSTRAINT "portal_credentials_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "portal_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
