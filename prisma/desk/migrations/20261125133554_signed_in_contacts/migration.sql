-- AlterTable
ALTER TABLE "contacts" ADD COLUMN     "signed_in_at" TIMESTAMPTZ(3);
