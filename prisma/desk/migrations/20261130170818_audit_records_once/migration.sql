-- AlterTable
ALTER TABLE "audit_records" ADD COLUMN     "once_key" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "audit_records_once_key_key" ON "audit_records"("once_key");

-- What was taken in before has its key, too: the portal's mark for it may have been lost.
UPDATE "audit_records" SET "once_key" = 'customer-act:' || "subject"
WHERE "id" IN (SELECT min("id") FROM "audit_records" WHERE "act" LIKE 'customer\_%' GROUP BY "subject");
UPDATE "audit_records" SET "once_key" = "subject" || ':' || (extract(epoch FROM "at") * 1000)::bigint
WHERE "id" IN (SELECT min("id") FROM "audit_records" WHERE "subject" LIKE 'portal-event:%' GROUP BY "subject", "at");
