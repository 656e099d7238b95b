-- AlterTable
ALTER TABLE "inbox_items" ADD COLUMN     "bare_etag" TEXT;

-- AlterTable
ALTER TABLE "mail_categories" ADD COLUMN     "given_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "mail_categories_mailbox_id_given_at_idx" ON "mail_categories"("mailbox_id", "given_at");
