-- AlterTable
ALTER TABLE "mail_categories" DROP COLUMN "lease",
DROP COLUMN "leased_until";

-- AlterTable
ALTER TABLE "tickets" ADD COLUMN     "categories_due_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "tickets_categories_due_at_idx" ON "tickets"("categories_due_at");
