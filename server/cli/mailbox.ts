import { parseArgs } from "node:util";
import { z } from "zod";
import { transact } from "../desk/database.ts";
import { addMailbox as addToDesk } from "../desk/mailboxes/add.ts";
import { withDesk } from "./with-desk.ts";

const Address = z.email().transform((address) => address.toLowerCase());

export async function addMailbox(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { name: { type: "string" }, team: { type: "string" }, "every-mail": { type: "boolean" } },
  });
  const address = addressFrom(positionals[0]);
  const name = values.name ?? address.split("@")[0] ?? address;
  const mode = values["every-mail"] ? "every_mail" : "on_conversion";

  await withDesk(async (desk) => {
    if (await desk.mailbox.findUnique({ where: { address }, select: { id: true } }))
      throw new Error(`${address} is connected already. Change its mode with: mailbox mode ${address} …`);
    await transact(desk, (tx) => addToDesk(tx, { address, name, mode, team: values.team ?? null }));
  });
  process.stdout.write(`${address} is connected. The desk reads it from the next minute on.\n`);
}

export async function setMode([given, mode]: string[]) {
  const address = addressFrom(given);
  if (mode !== "on-conversion" && mode !== "every-mail") throw new Error("The mode is on-conversion or every-mail.");
  const { count } = await withDesk((desk) =>
    transact(desk, (tx) =>
      tx.mailbox.updateMany({
        where: { address },
        data: { mode: mode === "every-mail" ? "every_mail" : "on_conversion" },
      }),
    ),
  );
  if (!count) throw new Error(`${address} is not connected. Connect it with: mailbox add ${address}`);
  process.stdout.write(`${address}: ${mode}.\n`);
}

export async function listMailboxes() {
  const mailboxes = await withDesk((desk) =>
    desk.mailbox.findMany({
      orderBy: { address: "asc" },
      take: 1000,
      select: { address: true, mode: true, team: true, lastSyncedAt: true, trouble: true },
    }),
  );
  for (const { address, mode, team, lastSyncedAt, trouble } of mailboxes)
    process.stdout.write(
      `${address}  ${mode.replace("_", "-")}  ${team ?? "no team"}  last read: ${lastSyncedAt?.toISOString() ?? "never"}  ${trouble ?? "well"}\n`,
    );
}

function addressFrom(given = "") {
  const address = Address.safeParse(given);
  if (!address.success) throw new Error(`"${given}" is no mailbox address. Give one such as support@example.com.`);
  return address.data;
}
