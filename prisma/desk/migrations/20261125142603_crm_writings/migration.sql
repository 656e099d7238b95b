-- CreateEnum
CREATE TYPE "CrmWritingState" AS ENUM ('waiting', 'done', 'refused');

-- CreateTable
CREATE TABLE "crm_writings" (
    "id" UUID NOT NULL,
    "source_id" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "address" TEXT,
    "key" TEXT NOT NULL,
    "state" "CrmWritingState" NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "because" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "crm_writings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "crm_writings_key_key" ON "crm_writings"("key");

-- CreateIndex
CREATE INDEX "crm_writings_state_due_at_idx" ON "crm_writings"("state", "due_at");

-- CreateIndex
CREATE INDEX "crm_writings_contact_id_idx" ON "crm_writings"("contact_id");

-- AddForeignKey
ALTER TABLE "crm_writings" ADD CONSTRAINT "crm_writings_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
