import { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { COLUMNS } from './event-row.ts';

/** Longer than this, and the batch is kept in PostgreSQL instead: whoever sent it waits. */
const INSERT_LIMIT_MS = 4_000;

export interface EventBatch {
  token: string;
  body: Buffer;
}

export async function insertBatch(
  clickhouse: ClickHouseClient,
  { token, body }: EventBatch,
  limitMs = INSERT_LIMIT_MS,
): Promise<void> {
  const { stream } = await clickhouse.exec({
    query: `insert into event (${COLUMNS.join(', ')}) format JSONCompactEachRow`,
    values: Readable.from([body], { objectMode: false }),
    abort_signal: AbortSignal.timeout(limitMs),
    clickhouse_settings: { ...INSERT_SETTINGS, insert_deduplication_token: token },
  });
  stream.resume(); // an insert answers nothing, and its socket is free when that has been read
}

export const INSERT_SETTINGS = {
  // Bytes cut into blocks by several threads would not be the same blocks the next time.
  input_format_parallel_parsing: 0,
  max_insert_threads: '1',
  // A batch of old events may touch many months.
  max_partitions_per_insert_block: '0',
} as const;
