import { Addresses } from "../platform/database/rooms.ts";
import { findAddresses } from "./addresses.ts";

export function databaseUrl([role]: string[]) {
  const known = Addresses.keyof().safeParse(role);
  if (!known.success) throw new Error("Say whose address: database-url desk|publisher|portal");
  process.stdout.write(`${findAddresses()[known.data]}\n`);
}
