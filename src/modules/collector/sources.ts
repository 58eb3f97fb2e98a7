import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import { type Actor, record } from '../identity/index.ts';
import { collectorErrors } from './errors.ts';
import { own } from './own.ts';

export const SOURCE_KINDS = ['browser', 'server', 'partner'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export interface SourceWish {
  id: string;
  name: string;
  kind: SourceKind;
  touchpoint: string;
  /** Pages that may send with it; none: from anywhere. */
  origins: string[];
  eventsPerSecond: number;
  burst: number;
}

export interface Source extends SourceWish {
  writeKey: string;
  madeAt: Date;
  revokedAt: Date | null;
}

/** Our own shop, which is there from the beginning. */
export const SHOP_SOURCE_ID = '00000000-0000-4000-8000-000000000001';

/** What the shop's pages carry; undefined when it was revoked. */
export async function shopKey(db: Db): Promise<string | undefined> {
  const source = await sourceOf(db, SHOP_SOURCE_ID);
  return source.revokedAt === null ? source.writeKey : undefined;
}

const SOURCES_MAX = 500;

const COLUMNS = [
  'id',
  'name',
  'kind',
  'touchpoint',
  'origins',
  'events_per_second as eventsPerSecond',
  'burst',
  'write_key as writeKey',
  'made_at as madeAt',
  'revoked_at as revokedAt',
] as const;

/** Makes a source with a key of its own, or changes one. The key stays: pages have it. */
export async function putSource(tx: Tx, actor: Actor, wish: SourceWish): Promise<{ writeKey: string }> {
  const { id, name, kind, touchpoint, origins, eventsPerSecond, burst } = wish;
  const { rows: counted } = await sql<{ count: number }>`
    select count(*) as count from collector.source where id <> ${id}`.execute(tx);
  if ((counted[0]?.count ?? 0) >= SOURCES_MAX) throw collectorErrors.sources_full({});
  const told = { name, kind, touchpoint, origins, events_per_second: eventsPerSecond, burst };
  const row = await own(tx)
    .insertInto('collector.source')
    .values({ id, ...told, write_key: randomBytes(24).toString('base64url') })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(told).where('collector.source.revoked_at', 'is', null),
    )
    .returning('write_key')
    .executeTakeFirst();
  if (!row) throw collectorErrors.source_revoked({});
  await record(tx, actor, 'source_set', `source:${id}`, { kind, touchpoint });
  return { writeKey: row.write_key };
}

/** From now on its key opens nothing. What it sent stays. Revoking it again changes nothing. */
export async function revokeSource(tx: Tx, actor: Actor, id: string, at: Date): Promise<void> {
  const row = await own(tx)
    .updateTable('collector.source')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (row) return record(tx, actor, 'source_revoked', `source:${id}`);
  await sourceOf(tx, id);
}

/** All that were ever made, the newest first. */
export const sources = (db: Db): Promise<Source[]> =>
  own(db)
    .selectFrom('collector.source')
    .select(COLUMNS)
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .limit(SOURCES_MAX)
    .execute();

export async function sourceOf(db: Db, id: string): Promise<Source> {
  const source = await own(db)
    .selectFrom('collector.source')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!source) throw collectorErrors.source_not_found({});
  return source;
}

/** The source that a key belongs to now. */
export async function sourceOfKey(db: Db, key: string): Promise<Source> {
  const known = await keptSetting(db, 'collector.sources', async (each) => {
    const open = (await sources(each)).filter(({ revokedAt }) => revokedAt === null);
    return new Map(open.map((source) => [source.writeKey, source]));
  });
  const source = known.get(key);
  if (!source) throw collectorErrors.key_unknown({});
  return source;
}
