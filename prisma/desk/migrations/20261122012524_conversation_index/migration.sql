-- CreateIndex
CREATE INDEX "messages_conversation_id_idx" ON "messages"("conversation_id");
