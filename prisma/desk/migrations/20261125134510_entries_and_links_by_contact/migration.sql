-- CreateIndex
CREATE INDEX "entries_contact_id_idx" ON "entries"("contact_id");

-- CreateIndex
CREATE INDEX "secure_links_contact_id_idx" ON "secure_links"("contact_id");
