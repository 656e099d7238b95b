-- DropIndex
DROP INDEX "inbox_items_mailbox_id_state_received_at_idx";

-- DropIndex
DROP INDEX "messages_held_because_received_at_idx";

-- AlterTable
ALTER TABLE "inbox_items" ADD COLUMN     "sender" TEXT,
ADD COLUMN     "turn" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
CREATE TABLE "held_mails" (
    "id" UUID NOT NULL,
    "mailbox_id" UUID NOT NULL,
    "immutable_id" TEXT NOT NULL,
    "message_id" UUID,
    "from_address" TEXT NOT NULL,
    "error" TEXT,
    "waits_since" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "spam_mark_id" UUID,
    "loop_id" UUID,

    CONSTRAINT "held_mails_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "spam_marks" (
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "from_address" TEXT NOT NULL,
    "authenticated" BOOLEAN NOT NULL,
    "marked_by_id" UUID NOT NULL,
    "marked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "spam_marks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "loops" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "from_address" TEXT NOT NULL,
    "ticket_id" UUID,
    "because" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lifted_by_id" UUID,
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "loops_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "held_mails_message_id_key" ON "held_mails"("message_id");

-- CreateIndex
CREATE INDEX "held_mails_waits_since_id_idx" ON "held_mails"("waits_since" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "held_mails_from_address_idx" ON "held_mails"("from_address");

-- CreateIndex
CREATE INDEX "held_mails_spam_mark_id_idx" ON "held_mails"("spam_mark_id");

-- CreateIndex
CREATE INDEX "held_mails_loop_id_idx" ON "held_mails"("loop_id");

-- CreateIndex
CREATE UNIQUE INDEX "held_mails_mailbox_id_immutable_id_key" ON "held_mails"("mailbox_id", "immutable_id");

-- CreateIndex
CREATE UNIQUE INDEX "spam_marks_message_id_key" ON "spam_marks"("message_id");

-- CreateIndex
CREATE INDEX "spam_marks_from_address_idx" ON "spam_marks"("from_address");

-- CreateIndex
CREATE INDEX "spam_marks_marked_at_id_idx" ON "spam_marks"("marked_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "loops_key_key" ON "loops"("key");

-- CreateIndex
CREATE INDEX "loops_ticket_id_idx" ON "loops"("ticket_id");

-- CreateIndex
CREATE INDEX "loops_from_address_idx" ON "loops"("from_address");

-- CreateIndex
CREATE INDEX "loops_lifted_at_found_at_idx" ON "loops"("lifted_at", "found_at" DESC);

-- CreateIndex
CREATE INDEX "inbox_items_mailbox_id_state_turn_idx" ON "inbox_items"("mailbox_id", "state", "turn");

-- CreateIndex
CREATE INDEX "inbox_items_mailbox_id_state_sender_received_at_idx" ON "inbox_items"("mailbox_id", "state", "sender", "received_at");

-- AddForeignKey
ALTER TABLE "held_mails" ADD CONSTRAINT "held_mails_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailboxes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "held_mails" ADD CONSTRAINT "held_mails_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "held_mails" ADD CONSTRAINT "held_mails_spam_mark_id_fkey" FOREIGN KEY ("spam_mark_id") REFERENCES "spam_marks"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "held_mails" ADD CONSTRAINT "held_mails_loop_id_fkey" FOREIGN KEY ("loop_id") REFERENCES "loops"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "spam_marks" ADD CONSTRAINT "spam_marks_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "spam_marks" ADD CONSTRAINT "spam_marks_marked_by_id_fkey" FOREIGN KEY ("marked_by_id") REFERENCES "agents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "loops" ADD CONSTRAINT "loops_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "tickets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is on its way already keeps its place in the line.
UPDATE "inbox_items" SET "turn" = coalesce("received_at", "seen_at") WHERE "state" = 'pending';

-- What is held already waits in the tray.
INSERT INTO "held_mails" ("id", "mailbox_id", "immutable_id", "message_id", "from_address", "waits_since")
SELECT gen_random_uuid(), "mailbox_id", "immutable_id", "id", "from_address", "received_at"
FROM "messages" WHERE "held_because" IS NOT NULL AND "ticket_id" IS NULL AND "mailbox_id" IS NOT NULL AND "immutable_id" IS NOT NULL;

INSERT INTO "held_mails" ("id", "mailbox_id", "immutable_id", "from_address", "error", "waits_since")
SELECT gen_random_uuid(), "mailbox_id", "immutable_id", coalesce("sender", ''), coalesce("last_error", ''), "seen_at"
FROM "inbox_items" WHERE "state" = 'held'
ON CONFLICT ("mailbox_id", "immutable_id") DO UPDATE SET "error" = EXCLUDED."error";
