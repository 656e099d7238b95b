-- CreateEnum
CREATE TYPE "OriginKind" AS ENUM ('follows', 'split');

-- CreateTable
CREATE TABLE "ticket_mergers" (
    "ticket_id" UUID NOT NULL,
    "into_id" UUID NOT NULL,
    "merged_by_id" UUID,
    "merged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ticket_mergers_pkey" PRIMARY KEY ("ticket_id")
);

-- CreateTable
CREATE TABLE "ticket_origins" (
    "ticket_id" UUID NOT NULL,
    "kind" "OriginKind" NOT NULL,
    "from_id" UUID NOT NULL,
    "entry_ids" UUID[],
    "agent_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "ticket_origins_pkey" PRIMARY KEY ("ticket_id")
);

-- CreateIndex
CREATE INDEX "ticket_mergers_into_id_idx" ON "ticket_mergers"("into_id");

-- CreateIndex
CREATE INDEX "ticket_origins_from_id_at_idx" ON "ticket_origins"("from_id", "at");

-- AddForeignKey
ALTER TABLE "ticket_mergers" ADD CONSTRAINT "ticket_mergers_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ticket_mergers" ADD CONSTRAINT "ticket_mergers_into_id_fkey" FOREIGN KEY ("into_id") REFERENCES "tickets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ticket_mergers" ADD CONSTRAINT "ticket_mergers_merged_by_id_fkey" FOREIGN KEY ("merged_by_id") REFERENCES "agents"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ticket_origins" ADD CONSTRAINT "ticket_origins_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ticket_origins" ADD CONSTRAINT "ticket_origins_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "tickets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ticket_origins" ADD CONSTRAINT "ticket_origins_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE SET NULL ON UPDATE CASCADE;
