-- AlterTable
ALTER TABLE "organizations" ADD COLUMN     "merged_at" TIMESTAMPTZ(3),
ADD COLUMN     "merged_by_id" UUID,
ADD COLUMN     "merged_into_id" UUID;

-- AlterTable
ALTER TABLE "contacts" ADD COLUMN     "merged_at" TIMESTAMPTZ(3),
ADD COLUMN     "merged_by_id" UUID,
ADD COLUMN     "merged_into_id" UUID;

-- CreateTable
CREATE TABLE "former_addresses" (
    "address" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_by_id" UUID,

    CONSTRAINT "former_addresses_pkey" PRIMARY KEY ("address","contact_id")
);

-- CreateTable
CREATE TABLE "known_domains" (
    "domain" TEXT NOT NULL,
    "look" TEXT NOT NULL,

    CONSTRAINT "known_domains_pkey" PRIMARY KEY ("domain")
);

-- CreateTable
CREATE TABLE "merger_moves" (
    "merged_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "was" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "merger_moves_pkey" PRIMARY KEY ("merged_id","kind","what")
);

-- CreateIndex
CREATE INDEX "former_addresses_contact_id_idx" ON "former_addresses"("contact_id");

-- CreateIndex
CREATE INDEX "known_domains_look_idx" ON "known_domains"("look");

-- CreateIndex
CREATE INDEX "organizations_merged_into_id_idx" ON "organizations"("merged_into_id");

-- CreateIndex
CREATE INDEX "contacts_merged_into_id_idx" ON "contacts"("merged_into_id");

-- AddForeignKey
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "organizations"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "contacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "former_addresses" ADD CONSTRAINT "former_addresses_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
