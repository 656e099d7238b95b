import { type Person, people } from "../world.ts";
import type { Ports } from "./ports.ts";

/** Tells what is being done, and how long it took. */
export async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  process.stdout.write(`  ${what} …\n`);
  const result = await work();
  process.stdout.write(`  ${what}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  return result;
}

const listed = (kind: Person["kind"]) =>
  people
    .filter((person) => person.kind === kind)
    .map((person) => `${person.name} <${person.address}>${person.role ? ` (${person.role})` : ""}`)
    .join("\n             ");

export function said(ports: Ports, sandbox: { url: string }, portalUrl: string, seconds: number) {
  process.stdout.write(`
Deskhatch is open (${seconds.toFixed(1)} s).

  Outlook    ${sandbox.url}          the pretend Outlook on the web: open a mail, then "Ticket" above it
             Its certificate is made on this machine; your browser asks once whether to trust it.
  Portal     ${portalUrl}           what the customers see; the code to sign in arrives in their mailbox in Outlook
  Desk API   http://127.0.0.1:${ports.DESK_PORT}/api/openapi.json
  Mail in    SMTP 127.0.0.1:${ports.SMTP_PORT}, to support@deskhatch.test for example

  Agents     ${listed("agent")}
  Shared     ${listed("shared")}
  Customers  ${listed("customer")}
  Outsider   ${listed("outsider")}

  Ctrl-C ends everything; what was done is kept.
`);
}
