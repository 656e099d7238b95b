-- CreateIndex
CREATE INDEX "published_tickets_ticket_id_idx" ON "published_tickets"("ticket_id");
