import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Db } from '#platform/db.ts';

export interface Statement {
  sql: string;
  parameters: unknown[][];
}

/** The statement that an operation runs, and its parameters for each of the inputs: what the limit runs too. */
export async function statementOf<T>(
  databaseUrl: string,
  inputs: readonly T[],
  operation: (reads: Db, input: T) => Promise<unknown>,
): Promise<Statement> {
  const seen: { sql: string; parameters: unknown[] }[] = [];
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  await using db = new Kysely<never>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void seen.push({ sql: query.sql, parameters: [...query.parameters] }),
  });
  for (const input of inputs) await operation(db as unknown as Db, input);
  const [first] = seen;
  if (!first || seen.length !== inputs.length || seen.some(({ sql }) => sql !== first.sql)) {
    throw new Error(
      `the operation ran ${seen.length} statements for ${inputs.length} inputs, not one alike for each`,
    );
  }
  return { sql: first.sql, parameters: seen.map(({ parameters }) => parameters) };
}
