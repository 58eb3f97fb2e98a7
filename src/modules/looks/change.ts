import { sql } from 'kysely';
import { cleanWords, type Opened } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { lookErrors } from './errors.ts';
import { lookFor, type LookItem, type LookWish, refuseUnknown, type Wording, WORDS_MAX } from './look.ts';

/** A look as its maker wants it to be, and who is to see it. */
export interface Change extends LookWish {
  items: LookItem[];
  wordings: Wording[];
  visibility: Opened['visibility'];
}

/**
 * Keeps a change of a look that is shown, which stays as it is until `saveLook`. `version` is the look's that was changed:
 * what comes late, after the change was shown, is refused.
 */
export async function keepChange(
  tx: Tx,
  memberId: string,
  id: string,
  { version, ...wish }: LookWish & Pick<Change, 'visibility'> & { version: number },
  now: Date,
): Promise<void> {
  const { state } = await lookFor(tx, memberId, id);
  if (state === 'draft') throw lookErrors.look_changed({});
  await refuseUnknown(tx, memberId, wish);
  const kept = { ...wish, words: wish.words.trim() && cleanWords(wish.words, WORDS_MAX) };
  const { rows } = await sql`
    with meant as (select id from looks.look where id = ${id} and version = ${version} for update)
    insert into looks.change (look_id, wish, kept_at) select id, ${JSON.stringify(kept)}::jsonb, ${now} from meant
    on conflict (look_id) do update set wish = excluded.wish, kept_at = excluded.kept_at
    returning look_id`.execute(tx);
  if (rows.length === 0) throw lookErrors.look_changed({});
}

/** The change of a look that its maker has kept, for nobody else. */
export async function changeOf(
  db: Db,
  memberId: string,
  id: string,
): Promise<(Change & { keptAt: Date }) | undefined> {
  await lookFor(db, memberId, id);
  const { rows } = await sql<{ wish: Change; keptAt: Date }>`
    select wish, kept_at as "keptAt" from looks.change where look_id = ${id}`.execute(db);
  const [row] = rows;
  return row && { ...row.wish, keptAt: row.keptAt };
}

/** Back to the look as it is shown. */
export async function dropChange(tx: Tx, memberId: string, id: string): Promise<void> {
  await lookFor(tx, memberId, id);
  await sql`delete from looks.change where look_id = ${id}`.execute(tx);
}
