import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface MarketRegion {
  code: string;
  name: string;
  /** By which the world map knows it (ISO 3166-1 numeric); null for an area without an outline of its own. */
  outlineId: string | null;
}

/** All regions by their code. */
export async function marketRegions(reads: Db): Promise<Map<string, MarketRegion>> {
  const { rows } = await sql<MarketRegion>`
    select code, name, outline_id as "outlineId" from market.region`.execute(reads);
  return new Map(rows.map((row) => [row.code, row]));
}
