-- AlterTable
ALTER TABLE "published_tickets" ADD COLUMN     "continued_in_id" UUID;
