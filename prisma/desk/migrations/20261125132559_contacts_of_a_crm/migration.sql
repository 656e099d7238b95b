-- CreateEnum
CREATE TYPE "CrmKind" AS ENUM ('organization', 'contact');

-- AlterTable
ALTER TABLE "organizations" ADD COLUMN     "former_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "contacts" ADD COLUMN     "former_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "crm_sources" (
    "id" TEXT NOT NULL,
    "cursor" JSONB,
    "round" INTEGER NOT NULL DEFAULT 0,
    "complete" BOOLEAN NOT NULL,
    "paused_until" TIMESTAMPTZ(3),
    "last_synced_at" TIMESTAMPTZ(3),
    "trouble" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "crm_sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "crm_links" (
    "source_id" TEXT NOT NULL,
    "kind" "CrmKind" NOT NULL,
    "external_id" TEXT NOT NULL,
    "organization_id" UUID,
    "contact_id" UUID,
    "said" JSONB NOT NULL,
    "wrote" JSONB NOT NULL,
    "round" INTEGER NOT NULL,
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "crm_links_pkey" PRIMARY KEY ("source_id","kind","external_id")
);

-- CreateTable
CREATE TABLE "crm_conflicts" (
    "source_id" TEXT NOT NULL,
    "kind" "CrmKind" NOT NULL,
    "external_id" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "line" INTEGER,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "crm_conflicts_pkey" PRIMARY KEY ("source_id","kind","external_id","sentence")
);

-- CreateIndex
CREATE INDEX "crm_links_organization_id_idx" ON "crm_links"("organization_id");

-- CreateIndex
CREATE INDEX "crm_links_contact_id_idx" ON "crm_links"("contact_id");

-- AddForeignKey
ALTER TABLE "crm_links" ADD CONSTRAINT "crm_links_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "crm_sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crm_links" ADD CONSTRAINT "crm_links_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crm_links" ADD CONSTRAINT "crm_links_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crm_conflicts" ADD CONSTRAINT "crm_conflicts_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "crm_sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;
