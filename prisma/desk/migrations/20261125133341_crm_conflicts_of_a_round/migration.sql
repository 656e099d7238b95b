-- AlterTable
ALTER TABLE "crm_conflicts" ADD COLUMN     "in_source" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "round" INTEGER NOT NULL DEFAULT 0;
