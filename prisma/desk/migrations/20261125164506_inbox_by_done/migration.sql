-- CreateIndex
CREATE INDEX "inbox_items_mailbox_id_done_at_idx" ON "inbox_items"("mailbox_id", "done_at");
