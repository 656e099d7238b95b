import { findAddresses } from "../platform/database/addresses.ts";
import { Addresses } from "../platform/database/rooms.ts";

export function databaseUrl([role]: string[]) {
  const known = Addresses.keyof().safeParse(role);
  if (!known.success) throw new Error("Say whose address: database-url desk|publisher|portal");
  process.stdout.write(`${findAddresses()[known.data]}\n`);
}
