import type { ClickHouseClient } from '@clickhouse/client';

export interface ParquetColumn {
  /** A plain name, as a program reads it: never text from outside. */
  name: string;
  /** Of a decimal, the digits behind its point. */
  type: 'text' | 'integer' | 'number' | { decimals: number };
}

/** More than fifty thousand rows of a dozen columns take. */
const QUERY_BYTES_MAX = 64 * 1024 * 1024;
const PLAIN_NAME = /^[a-z][a-z0-9_]*$/;

/** A table as Apache Parquet, which ClickHouse writes. Decimals come as text, so that no digit of them is lost. */
export async function parquetOf(
  clickhouse: ClickHouseClient,
  columns: readonly ParquetColumn[],
  rows: readonly (readonly (string | number | null)[])[],
): Promise<Buffer> {
  const structure = columns.map(({ name, type }) => {
    if (!PLAIN_NAME.test(name)) throw new RangeError(`${name} is no name of a column`);
    return `${name} ${typeOf(type)}`;
  });
  // A statement that is longer than an address may be can have no parameters. In base 64 no row can end its text.
  // Without a row there would be no columns either: of one that says nothing none is taken.
  const given = rows.length > 0 ? rows : [columns.map(() => null)];
  const text = Buffer.from(given.map((row) => JSON.stringify(row)).join('\n')).toString('base64');
  const { stream } = await clickhouse.exec({
    query: `SELECT * FROM format(JSONCompactEachRow, '${structure.join(', ')}', base64Decode('${text}'))
      LIMIT ${rows.length} FORMAT Parquet`,
    clickhouse_settings: { max_query_size: String(QUERY_BYTES_MAX) },
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

const typeOf = (type: ParquetColumn['type']): string => {
  if (typeof type === 'object') return `Nullable(Decimal(38, ${type.decimals}))`;
  return { text: 'Nullable(String)', integer: 'Nullable(Int64)', number: 'Nullable(Float64)' }[type];
};
