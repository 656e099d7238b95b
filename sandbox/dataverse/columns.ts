/** The two tables, with the columns that this pretend Dataverse has (reference/entities/account, …/contact). */
export const tables = {
  accounts: {
    entity: "account",
    key: "accountid",
    columns: ["name", "websiteurl", "emailaddress1", "statecode"],
    lookups: {},
  },
  contacts: {
    entity: "contact",
    key: "contactid",
    columns: ["fullname", "firstname", "lastname", "emailaddress1", "emailaddress2", "emailaddress3", "statecode"],
    // A customer is an account or a contact; the write names which (Customer lookups).
    lookups: {
      _parentcustomerid_value: { parentcustomerid_account: "accounts", parentcustomerid_contact: "contacts" },
    },
  },
} as const;

export type TableName = keyof typeof tables;
export const isTable = (name: string): name is TableName => Object.hasOwn(tables, name);
