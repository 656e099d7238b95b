/**
 * Starts a PostgreSQL for tests in the folder it is given, with both rooms migrated as templates, and leaves it running.
 * A process of its own: the server must outlive the test file that happens to need it first.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDeskQueue } from "../../server/desk/jobs.ts";
import { startPostgres } from "../../server/platform/database/embedded.ts";
import { migrate } from "../../server/platform/database/migrate.ts";
import { openRooms } from "../../server/platform/database/rooms.ts";

const folder = process.argv[2] ?? "";
const postgres = await startPostgres(folder);
const rooms = await openRooms(postgres, folder);
await migrate("desk", rooms.desk);
await migrate("portal", rooms.publisher);
const queue = await openDeskQueue(rooms.desk);
await queue.stop();
writeFileSync(join(folder, "address.json"), JSON.stringify({ port: postgres.port, superuser: postgres.superuser }));
process.exit(0);
