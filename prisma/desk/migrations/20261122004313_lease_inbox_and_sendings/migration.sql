-- AlterTable
ALTER TABLE "inbox_items" ADD COLUMN     "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "received_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "sendings" ADD COLUMN     "accepted_at" TIMESTAMPTZ(3),
ADD COLUMN     "asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "automatic" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "lease" UUID,
ADD COLUMN     "leased_until" TIMESTAMPTZ(3),
ADD COLUMN     "recipients" TEXT[];

-- CreateIndex
CREATE INDEX "inbox_items_mailbox_id_state_received_at_idx" ON "inbox_items"("mailbox_id", "state", "received_at");

-- CreateIndex
CREATE INDEX "sendings_automatic_sent_at_idx" ON "sendings"("automatic", "sent_at");
