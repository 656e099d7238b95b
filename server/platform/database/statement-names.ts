/** PostgreSQL plans a named statement once per connection. Lists of changing length would make ever new ones: enough is enough. */
const mostStatements = 400;

/** For Prisma's adapter: a name for each statement of one database. No name: planned each time. */
export function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const name = names.get(sql);
    if (name !== undefined) return name;
    if (names.size >= mostStatements) return "";
    const fresh = `statement_${names.size}`;
    names.set(sql, fresh);
    return fresh;
  };
}
