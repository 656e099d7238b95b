-- CreateTable
CREATE TABLE "graph_lockouts" (
    "place" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "graph_lockouts_pkey" PRIMARY KEY ("place")
);
