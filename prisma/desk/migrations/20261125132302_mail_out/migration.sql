-- CreateEnum
CREATE TYPE "SentItemState" AS ENUM ('pending', 'filed', 'ours', 'not_kept', 'gone', 'failed');

-- CreateEnum
CREATE TYPE "Transport" AS ENUM ('graph', 'smtp');

-- AlterTable
ALTER TABLE "mailboxes" ADD COLUMN     "sent_link" TEXT;

-- AlterTable
ALTER TABLE "tickets" ADD COLUMN     "undelivered_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "sendings" ADD COLUMN     "asked" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "transport" "Transport" NOT NULL DEFAULT 'graph',
ADD COLUMN     "upload" JSONB;

-- CreateTable
CREATE TABLE "sent_items" (
    "mailbox_id" UUID NOT NULL,
    "immutable_id" TEXT NOT NULL,
    "conversation_id" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "state" "SentItemState" NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "sent_items_pkey" PRIMARY KEY ("mailbox_id","immutable_id")
);

-- CreateTable
CREATE TABLE "mail_categories" (
    "mailbox_id" UUID NOT NULL,
    "immutable_id" TEXT NOT NULL,
    "ticket_id" UUID NOT NULL,
    "worn" TEXT,
    "ours" TEXT[],
    "lease" UUID,
    "leased_until" TIMESTAMPTZ(3),

    CONSTRAINT "mail_categories_pkey" PRIMARY KEY ("mailbox_id","immutable_id")
);

-- CreateTable
CREATE TABLE "bounces" (
    "id" UUID NOT NULL,
    "sending_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "status" TEXT,
    "permanent" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bounces_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sent_items_mailbox_id_state_due_at_idx" ON "sent_items"("mailbox_id", "state", "due_at");

-- CreateIndex
CREATE INDEX "sent_items_conversation_id_idx" ON "sent_items"("conversation_id");

-- CreateIndex
CREATE INDEX "mail_categories_ticket_id_idx" ON "mail_categories"("ticket_id");

-- CreateIndex
CREATE INDEX "bounces_sending_id_idx" ON "bounces"("sending_id");

-- CreateIndex
CREATE UNIQUE INDEX "bounces_message_id_recipient_key" ON "bounces"("message_id", "recipient");

-- CreateIndex
CREATE INDEX "sendings_draft_id_idx" ON "sendings"("draft_id");

-- AddForeignKey
ALTER TABLE "sent_items" ADD CONSTRAINT "sent_items_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailboxes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_categories" ADD CONSTRAINT "mail_categories_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailboxes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_categories" ADD CONSTRAINT "mail_categories_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bounces" ADD CONSTRAINT "bounces_sending_id_fkey" FOREIGN KEY ("sending_id") REFERENCES "sendings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bounces" ADD CONSTRAINT "bounces_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;
