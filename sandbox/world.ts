/**
 * Who lives in the sandbox: the pretend tenant's people and mailboxes, and the customers outside it.
 * Ids are fixed, so that a restart and a test meet the same people.
 */

export type Person = {
  /** Entra object id of a person in our tenant; people outside have none of ours but still a mailbox here. */
  objectId: string;
  name: string;
  address: string;
  /** App role in Deskhatch; absent for everybody who may not open it. */
  role?: "agent" | "lead" | "admin";
  kind: "agent" | "shared" | "customer" | "outsider";
  /** For a shared mailbox: the addresses of those who may open it in Outlook. */
  members?: readonly string[];
};

export const tenantId = "6d2f8a34-6c1e-4b5a-9f0e-5a3d1c7b9e10";

/** The app registration of Deskhatch: the pane asks for its scope, the desk is its audience and a confidential client. */
export const deskApp = {
  clientId: "0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1",
  scope: "api://0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1/Desk.Use",
} as const;

export const people: readonly Person[] = [
  {
    objectId: "a11a0000-0000-4000-8000-000000000001",
    name: "Anna Albrecht",
    address: "anna@deskhatch.test",
    role: "agent",
    kind: "agent",
  },
  {
    objectId: "a11a0000-0000-4000-8000-000000000002",
    name: "Ben Okafor",
    address: "ben@deskhatch.test",
    role: "lead",
    kind: "agent",
  },
  {
    objectId: "a11a0000-0000-4000-8000-000000000003",
    name: "Ada Novak",
    address: "ada@deskhatch.test",
    role: "admin",
    kind: "agent",
  },
  {
    objectId: "a11a0000-0000-4000-8000-000000000010",
    name: "Deskhatch Support",
    address: "support@deskhatch.test",
    kind: "shared",
    members: ["anna@deskhatch.test", "ben@deskhatch.test", "ada@deskhatch.test"],
  },
  {
    objectId: "c0570000-0000-4000-8000-000000000001",
    name: "Alice Moreau",
    address: "alice@harbourlight.test",
    kind: "customer",
  },
  {
    objectId: "c0570000-0000-4000-8000-000000000002",
    name: "Adam Lindqvist",
    address: "adam@harbourlight.test",
    kind: "customer",
  },
  {
    objectId: "c0570000-0000-4000-8000-000000000003",
    name: "Bob Tanaka",
    address: "bob@birkenfeld-werke.test",
    kind: "customer",
  },
  {
    objectId: "0075000a-0000-4000-8000-000000000001",
    name: "Mallory Vane",
    address: "mallory@outsider.test",
    kind: "outsider",
  },
];
