-- AlterTable
ALTER TABLE "bounces" ADD COLUMN     "entry_id" UUID,
ALTER COLUMN "sending_id" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "bounces_entry_id_idx" ON "bounces"("entry_id");

-- AddForeignKey
ALTER TABLE "bounces" ADD CONSTRAINT "bounces_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;
