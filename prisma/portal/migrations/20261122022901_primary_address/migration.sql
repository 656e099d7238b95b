-- AlterTable
ALTER TABLE "customer_addresses" ADD COLUMN     "primary" BOOLEAN NOT NULL DEFAULT false;
