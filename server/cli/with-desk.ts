import { type Desk, openDesk } from "../desk/database.ts";
import { findAddresses } from "../platform/database/addresses.ts";

/** Opens the desk's database for one command, and says what to do when it does not answer. */
export async function withDesk<Result>(work: (desk: Desk) => Promise<Result>) {
  const desk = openDesk(findAddresses().desk, 1);
  try {
    await desk.$queryRaw`select 1`.catch(() => {
      throw new Error("The desk's database does not answer. Start Deskhatch, or check DATABASE_URL_DESK.");
    });
    return await work(desk);
  } finally {
    await desk.$disconnect();
  }
}
