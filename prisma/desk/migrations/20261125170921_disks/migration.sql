-- CreateTable
CREATE TABLE "disks" (
    "store" TEXT NOT NULL,
    "used_percent" INTEGER NOT NULL,
    "told" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "disks_pkey" PRIMARY KEY ("store")
);
