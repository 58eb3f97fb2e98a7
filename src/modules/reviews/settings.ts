import { sql } from 'kysely';
import { type Actor, record } from '#modules/identity/index.ts';
import type { Db, Tx } from '#platform/db.ts';

/** What an author got for writing, whatever they wrote. */
export const INCENTIVES = ['sample', 'discount', 'points', 'staff'] as const;
export const INCENTIVE_NOTE_MAX = 200;
export const ASKS_AFTER_DAYS_MAX = 180;
export type Incentive = (typeof INCENTIVES)[number];

/** How the shop takes reviews. */
export interface ReviewSettings {
  /** Of who has not bought it here. */
  takesUnverified: boolean;
  /** After delivery; null: nobody is asked. */
  asksAfterDays: number | null;
  /** What those who are asked get, whatever they say. */
  incentive: Incentive | null;
  /** What exactly that is, in the shop's words. */
  incentiveNote: string;
}

export async function settings(db: Db): Promise<ReviewSettings> {
  const { rows } = await sql<ReviewSettings>`
    select takes_unverified as "takesUnverified", asks_after_days as "asksAfterDays", incentive,
      incentive_note as "incentiveNote"
    from reviews.setting`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('reviews.setting has lost its row');
  return row;
}

export async function changeSettings(tx: Tx, actor: Actor, wish: ReviewSettings): Promise<void> {
  await sql`
    update reviews.setting set takes_unverified = ${wish.takesUnverified}, asks_after_days = ${wish.asksAfterDays},
      incentive = ${wish.incentive}, incentive_note = ${wish.incentiveNote.trim()}`.execute(tx);
  await record(tx, actor, 'review_settings_set', undefined, {
    takesUnverified: wish.takesUnverified,
    ...(wish.asksAfterDays !== null && { asksAfterDays: wish.asksAfterDays }),
    ...(wish.incentive !== null && { incentive: wish.incentive }),
  });
}
