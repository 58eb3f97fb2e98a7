import { randomUUID } from 'node:crypto';
import { inTransaction, type Db } from '#platform/db.ts';
import { putSource, type SourceWish } from './sources.ts';

/** A source for tests, and its write key. */
export async function aSource(
  db: Db,
  wish: Partial<SourceWish> = {},
): Promise<{ id: string; writeKey: string }> {
  const id = wish.id ?? randomUUID();
  const usual = { name: 'A source', kind: 'server', touchpoint: 'web', origins: [] as string[] } as const;
  const { writeKey } = await inTransaction(db, (tx) =>
    putSource(tx, 'system', { ...usual, eventsPerSecond: 10_000, burst: 100_000, ...wish, id }),
  );
  return { id, writeKey };
}
