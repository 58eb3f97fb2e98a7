import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';

/** What an author got for writing, whatever they wrote. */
export const INCENTIVES = ['sample', 'discount', 'points', 'staff'] as const;
export type Incentive = (typeof INCENTIVES)[number];

/** How the shop takes reviews. */
export interface ReviewSettings {
  /** Of who has not bought it here. */
  takesUnverified: boolean;
  /** After delivery; null: nobody is asked. */
  asksAfterDays: number | null;
  /** What those who are asked get, whatever they say. */
  incentive: Incentive | null;
}

export async function settings(db: Db): Promise<ReviewSettings> {
  const { rows } = await sql<ReviewSettings>`
    select takes_unverified as "takesUnverified", asks_after_days as "asksAfterDays", incentive
    from reviews.setting`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('reviews.setting has lost its row');
  return row;
}

export async function changeSettings(tx: Tx, wish: ReviewSettings): Promise<void> {
  await sql`
    update reviews.setting set takes_unverified = ${wish.takesUnverified}, asks_after_days = ${wish.asksAfterDays},
      incentive = ${wish.incentive}`.execute(tx);
}
