-- DropForeignKey
ALTER TABLE "ticket_mergers" DROP CONSTRAINT "ticket_mergers_ticket_id_fkey";

-- DropForeignKey
ALTER TABLE "ticket_mergers" DROP CONSTRAINT "ticket_mergers_into_id_fkey";

-- DropForeignKey
ALTER TABLE "ticket_mergers" DROP CONSTRAINT "ticket_mergers_merged_by_id_fkey";

-- AlterTable
ALTER TABLE "tickets" ADD COLUMN     "merged_at" TIMESTAMPTZ(3),
ADD COLUMN     "merged_by_id" UUID,
ADD COLUMN     "merged_into_id" UUID;

-- DropTable
DROP TABLE "ticket_mergers";

-- CreateIndex
CREATE INDEX "tickets_merged_into_id_idx" ON "tickets"("merged_into_id");

-- AddForeignKey
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "tickets"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_merged_by_id_fkey" FOREIGN KEY ("merged_by_id") REFERENCES "agents"("id") ON DELETE SET NULL ON UPDATE CASCADE;
