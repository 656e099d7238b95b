-- CreateIndex
CREATE INDEX "contacts_name_idx" ON "contacts"("name");
