import pg from 'pg';

/** One statement on a connection of its own. */
export async function ask<Row>(
  databaseUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    // Without values it goes as it is: vacuum is nothing that can be prepared.
    const { rows } = await (values.length > 0 ? client.query(text, [...values]) : client.query(text));
    return rows as Row[];
  } finally {
    await client.end();
  }
}
