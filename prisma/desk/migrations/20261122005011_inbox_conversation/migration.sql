-- AlterTable
ALTER TABLE "inbox_items" ADD COLUMN     "conversation_id" TEXT;
