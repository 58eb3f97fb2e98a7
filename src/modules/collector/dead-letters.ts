import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { collectorErrors } from './errors.ts';
import type { Reason } from './fault.ts';
import { own } from './own.ts';

const BODY_LENGTH = 40_000;
/** Of one source: a flood of nonsense fills no disk. What is beyond it is counted and not kept. */
const LETTERS_AN_HOUR = 5_000;
const KEPT_DAYS = 30;
/** A statement has 65,535 parameters at most. */
const ROWS_AT_ONCE = 1_000;

export interface SetAside {
  reason: Reason;
  place: string;
  kind: string;
  /** The event as it came, as JSON where it is any. */
  body: string;
  sentAt: number | undefined;
  /** What it says of itself, where it can be read. */
  name?: string | undefined;
  userId?: string | undefined;
  anonymousId?: string | undefined;
}

/** Keeps what did not fit. The same thing sent again is the same letter, counted once more. */
export async function setAside(
  tx: Tx,
  sourceId: string,
  letters: readonly SetAside[],
  receivedAt: Date,
): Promise<void> {
  const unique = new Map(letters.map((letter) => [letterId(sourceId, letter), letter]));
  const rows = [...unique].sort(([a], [b]) => (a < b ? -1 : 1));
  const { rows: counted } = await sql<{ count: number }>`
    select count(*) as count from (
      select from collector.dead_letter where source_id = ${sourceId}
        and received_at > ${receivedAt}::timestamptz - interval '1 hour' limit ${LETTERS_AN_HOUR}
    ) as recent`.execute(tx);
  const room = LETTERS_AN_HOUR - (counted[0]?.count ?? 0);
  const kept = rows.slice(0, Math.max(0, room)).map(([id, { body, sentAt, ...letter }]) => ({
    id,
    source_id: sourceId,
    reason: letter.reason,
    place: clean(letter.place).slice(0, 300),
    kind: letter.kind,
    name: clean(letter.name ?? '').slice(0, 255),
    body: clean(body).slice(0, BODY_LENGTH),
    is_cut: body.length > BODY_LENGTH,
    sent_at: sentAt === undefined ? null : new Date(sentAt),
    received_at: receivedAt,
    user_id: letter.userId === undefined ? null : clean(letter.userId).slice(0, 255),
    anonymous_id: letter.anonymousId === undefined ? null : clean(letter.anonymousId).slice(0, 255),
  }));
  for (let from = 0; from < kept.length; from += ROWS_AT_ONCE) {
    await own(tx)
      .insertInto('collector.dead_letter')
      .values(kept.slice(from, from + ROWS_AT_ONCE))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({ times: eb('collector.dead_letter.times', '+', 1) })),
      )
      .execute();
  }
}

const letterId = (sourceId: string, { kind, reason, body }: SetAside) =>
  idOf('collector:dead-letter', `${sourceId}\0${kind}\0${reason}\0${body}`);

/** PostgreSQL's texts hold no NUL, and no half of a character. */
const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();

export interface DeadLetter {
  id: string;
  sourceId: string;
  state: 'waiting' | 'replayed' | 'dismissed';
  reason: string;
  place: string;
  kind: string;
  name: string;
  body: string;
  isCut: boolean;
  sentAt: Date | null;
  receivedAt: Date;
  times: number;
}

const COLUMNS = [
  'id',
  'source_id as sourceId',
  'state',
  'reason',
  'place',
  'kind',
  'name',
  'body',
  'is_cut as isCut',
  'sent_at as sentAt',
  'received_at as receivedAt',
  'times',
] as const;

export interface LetterQuery {
  state: DeadLetter['state'];
  reason?: string | undefined;
  sourceId?: string | undefined;
  /** The letter that the page before ended with. */
  before?: string | undefined;
  limit: number;
}

/** The newest first. */
export function deadLetters(
  db: Db,
  { state, reason, sourceId, before, limit }: LetterQuery,
): Promise<DeadLetter[]> {
  let query = own(db).selectFrom('collector.dead_letter').select(COLUMNS).where('state', '=', state);
  if (reason) query = query.where('reason', '=', reason);
  if (sourceId) query = query.where('source_id', '=', sourceId);
  if (before) {
    query = query.where(
      sql<boolean>`(received_at, id) < (select received_at, id from collector.dead_letter where id = ${before})`,
    );
  }
  return query.orderBy('received_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

export async function letterOf(db: Db, id: string): Promise<DeadLetter> {
  const letter = await own(db)
    .selectFrom('collector.dead_letter')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!letter) throw collectorErrors.letter_not_found({});
  return letter;
}

/** How many wait, by source and reason. */
export async function lettersByReason(
  db: Db,
): Promise<{ sourceId: string; reason: string; letters: number }[]> {
  const { rows } = await sql<{ sourceId: string; reason: string; letters: number }>`
    select source_id as "sourceId", reason, count(*) as letters from collector.dead_letter
    where state = 'waiting' group by 1, 2 order by 3 desc, 2, 1 limit 200`.execute(db);
  return rows;
}

/** False where it was settled the same way before; refused where the other way. */
export async function settleLetter(
  tx: Tx,
  id: string,
  state: 'replayed' | 'dismissed',
  at: Date,
): Promise<boolean> {
  const row = await own(tx)
    .updateTable('collector.dead_letter')
    .set({ state, settled_at: at })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .returning('id')
    .executeTakeFirst();
  if (row) return true;
  const found = await letterOf(tx, id);
  if (found.state === state) return false;
  throw collectorErrors.letter_settled({});
}

/** Job: letters that nobody corrected in a month go. */
export async function dropOldLetters(tx: Tx, at: Date): Promise<void> {
  const until = new Date(at.getTime() - KEPT_DAYS * 86_400_000);
  await own(tx).deleteFrom('collector.dead_letter').where('received_at', '<', until).execute();
}
