/** `npm run deskhatch -- <command>`: administration from the command line. */
import { crmStatus, syncNow } from "./cli/crm.ts";
import { databaseUrl } from "./cli/database-url.ts";
import { importContacts } from "./cli/import-contacts.ts";
import { addMailbox, listMailboxes, setMode } from "./cli/mailbox.ts";
import { printManifest } from "./cli/manifest.ts";

type Command = { usage: string; does: string; run: (args: string[]) => Promise<void> | void };

const commands: Record<string, Command> = {
  "database-url": {
    usage: "database-url desk|publisher|portal",
    does: "prints the address of one role's database",
    run: databaseUrl,
  },
  "import contacts": {
    usage: "import contacts FILE [--dry-run] [--json] [--first N] [--source LIST]",
    does: "brings contacts and organizations in from a CSV file; --dry-run only shows what would change",
    run: importContacts,
  },
  "crm status": {
    usage: "crm status [--first N]",
    does: "shows where contacts come from, how that goes, and what waits for a person",
    run: crmStatus,
  },
  "crm sync": {
    usage: "crm sync [--accept-missing]",
    does: "reads the CRMs of the settings now; --accept-missing believes that most of the records are gone",
    run: syncNow,
  },
  "mailbox add": {
    usage: "mailbox add ADDRESS [--name NAME] [--team TEAM] [--every-mail]",
    does: "connects a mailbox; its mail is read from the next minute on",
    run: addMailbox,
  },
  "mailbox mode": {
    usage: "mailbox mode ADDRESS on-conversion|every-mail",
    does: "says whether each mail opens a ticket, or only the ones that agents convert",
    run: setMode,
  },
  "mailbox list": { usage: "mailbox list", does: "shows the mailboxes and how they are", run: listMailboxes },
  manifest: {
    usage: "manifest --origin https://desk.example.com",
    does: "prints the add-in's manifest for your desk's address",
    run: printManifest,
  },
};

const words = process.argv.slice(2);
const name = [words.slice(0, 2).join(" "), words[0] ?? ""].find((each) => Object.hasOwn(commands, each));
const command = name ? commands[name] : undefined;

if (command && name) {
  try {
    await command.run(words.slice(name.split(" ").length));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
} else {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  const lines = Object.values(commands).map(({ usage, does }) => `  ${usage.padEnd(width)}  ${does}`);
  process.stderr.write(`npm run deskhatch -- <command>\n\n${lines.join("\n")}\n`);
  process.exitCode = words.length ? 2 : 0;
}
