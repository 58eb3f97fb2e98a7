import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** The currency that the shop shows and sells in. */
export async function marketplaceCurrency(reads: Db): Promise<string> {
  const { rows } = await sql<{ currency: string }>`select currency from catalog.marketplace`.execute(reads);
  return rows[0]?.currency ?? 'EUR';
}
