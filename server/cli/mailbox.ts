import { parseArgs } from "node:util";
import { z } from "zod";
import { type Desk, transact } from "../desk/database.ts";
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
    process.stdout.write(`${address} is connected. The desk reads it from the next minute on.\n`);
    if (await isSignInDomain(desk, address)) process.stdout.write(warning(address));
  });
}

/** Whether people of the team sign in with addresses of the mailbox's domain. */
async function isSignInDomain(desk: Desk, address: string) {
  const domain = address.slice(address.lastIndexOf("@"));
  return (await desk.agent.count({ where: { address: { endsWith: domain, mode: "insensitive" } } })) > 0;
}

const warning = (address: string) =>
  `Note: your team signs in with addresses of the same domain. Other services may take whoever reads mail there for one of you; ` +
  `an address of a subdomain, such as ${address.replace("@", "@help.")}, proves nothing to them.\n`;

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
