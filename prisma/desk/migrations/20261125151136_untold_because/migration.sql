-- AlterTable
ALTER TABLE "mailboxes" ADD COLUMN     "untold_because" TEXT;
