import { sql } from 'kysely';
import { dropStored } from '#modules/catalog/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { ARCHIVE_FILE } from './archive.ts';
import { archiveErrors } from './errors.ts';
import type { ArchivesIntakeSight, ArchivesIntakeState } from './tables.ts';

export const TAKE_IN = 'archives.take_in';
export const SIGHTS = ['secret', 'as_it_was'] as const satisfies readonly ArchivesIntakeSight[];
/** Of what could not be taken so much is told. */
const LEFT_OUT_SHOWN = 200;

export interface Intake {
  id: string;
  memberId: string;
  state: ArchivesIntakeState;
  /** Why nothing of it could be read. */
  refusal: string | null;
  sight: ArchivesIntakeSight;
  /** Where its file stands until it is done. */
  key: string | null;
  askedAt: Date;
  endedAt: Date | null;
  /** When it goes on by itself; null while it is at work, and once it is over. */
  goesOnAt: Date | null;
  total: number;
  steps: number;
  taken: number;
  known: number;
}

const columns = sql`id, member_id as "memberId", state, refusal, sight, key, asked_at as "askedAt", ended_at as "endedAt",
  goes_on_at as "goesOnAt", total, steps, taken, known`;

export interface IntakeWish {
  id: string;
  key: string;
  sight: ArchivesIntakeSight;
}

/**
 * Has an archive taken in that was put aside under `key`. The same id again is a retry; one at a time for each member.
 * False where the file that was put aside is not needed.
 */
export async function askIntake(tx: Tx, memberId: string, wish: IntakeWish, now: Date): Promise<boolean> {
  const { id, key, sight } = wish;
  const { rows } = await sql`
    insert into archives.intake (id, member_id, sight, key, asked_at)
    values (${id}, ${memberId}, ${sight}, ${key}, ${now}) on conflict do nothing returning id`.execute(tx);
  if (rows.length > 0) {
    await addJob(tx, TAKE_IN, { intakeId: id }, id);
    return true;
  }
  const { rows: known } = await sql`
    select from archives.intake where id = ${id} and member_id = ${memberId}`.execute(tx);
  if (known.length === 0) throw archiveErrors.intake_running({});
  return false;
}

export async function intakesOf(db: Db, memberId: string, max = 10): Promise<Intake[]> {
  const { rows } = await sql<Intake>`
    select ${columns} from archives.intake where member_id = ${memberId}
    order by asked_at desc, id desc limit ${max}`.execute(db);
  return rows;
}

/** One of theirs; refused as not there for anybody else. */
export async function intakeFor(db: Db, memberId: string, id: string): Promise<Intake> {
  const found = await intakeById(db, id);
  if (found?.memberId !== memberId) throw archiveErrors.intake_not_found({});
  return found;
}

export async function intakeById(db: Db, id: string): Promise<Intake | undefined> {
  const { rows } = await sql<Intake>`select ${columns} from archives.intake where id = ${id}`.execute(db);
  return rows[0];
}

export interface LeftOut {
  step: number;
  kind: string;
  /** As the archive calls it. */
  what: string;
  reason: string;
  /** What was said, where it could not be said again. */
  words: string;
}

/** What of an intake was left out, in the order of the archive. */
export async function leftOutOf(db: Db, intakeId: string, after = -1): Promise<LeftOut[]> {
  const { rows } = await sql<LeftOut>`
    select step, kind, what, reason, words from archives.left_out
    where intake_id = ${intakeId} and step > ${after} order by step limit ${LEFT_OUT_SHOWN}`.execute(db);
  return rows;
}

export async function noteTotal(tx: Tx, id: string, total: number): Promise<void> {
  await sql`update archives.intake set total = ${total} where id = ${id} and total <> ${total}`.execute(tx);
}

/** What became of an activity of an archive. */
export interface StepOutcome {
  fate: 'taken' | 'known' | 'nothing';
  /** What of it could not be taken. */
  left?: { kind: string; what: string; reason: string; words?: string };
}

/**
 * Writes down what became of a step, in the transaction that did it. False where another worker has done that step
 * meanwhile, or the intake is over: then the transaction is to be given up.
 */
export async function noteStep(tx: Tx, id: string, step: number, outcome: StepOutcome): Promise<boolean> {
  const { rows } = await sql`
    update archives.intake set steps = ${step + 1}, taken = taken + ${Number(outcome.fate === 'taken')},
      known = known + ${Number(outcome.fate === 'known')}, goes_on_at = null
    where id = ${id} and state = 'waiting' and steps = ${step} returning id`.execute(tx);
  if (rows.length === 0) return false;
  const { left } = outcome;
  if (left)
    await sql`insert into archives.left_out (intake_id, step, kind, what, reason, words)
      values (${id}, ${step}, ${left.kind}, ${left.what.slice(0, 200).toWellFormed()}, ${left.reason}, ${left.words ?? ''})`.execute(
      tx,
    );
  return true;
}

/**
 * Puts the rest of an intake off until a moment, when its job goes on with `step`. False where another worker has done
 * that step meanwhile, or the intake is over.
 */
export async function putOff(tx: Tx, id: string, step: number, until: Date): Promise<boolean> {
  const { rows } = await sql`
    update archives.intake set goes_on_at = ${until}
    where id = ${id} and state = 'waiting' and steps = ${step} returning id`.execute(tx);
  if (rows.length === 0) return false;
  await addJob(tx, TAKE_IN, { intakeId: id }, id, { runAt: until });
  return true;
}

/** Ends an intake: its file is not needed any more. False where it had ended. */
export async function endIntake(tx: Tx, id: string, refusal: string | null, now: Date): Promise<boolean> {
  const { rows } = await sql<{ key: string | null }>`
    with mine as (select id, key from archives.intake where id = ${id} and state = 'waiting' for update)
    update archives.intake set state = ${refusal === null ? 'done' : 'refused'}, refusal = ${refusal}, ended_at = ${now},
      key = null, goes_on_at = null
    from mine where intake.id = mine.id returning mine.key`.execute(tx);
  for (const { key } of rows) if (key !== null) await dropStored(tx, key, [ARCHIVE_FILE]);
  return rows.length > 0;
}

/** What is said of an intake that its member stopped. */
export const STOPPED = 'stopped';

/** What was taken stays; what was not is not. Whoever is at work on it finds it over at the next step. One that has ended stays as it is. */
export async function stopIntake(tx: Tx, memberId: string, id: string, now: Date): Promise<void> {
  await intakeFor(tx, memberId, id);
  await endIntake(tx, id, STOPPED, now);
}

/** A member's archives and intakes, with their files. */
export async function eraseArchives(tx: Tx, memberId: string): Promise<void> {
  const { rows } = await sql<{ key: string | null }>`
    with archives_gone as (delete from archives.archive where member_id = ${memberId} returning key),
      intakes_gone as (delete from archives.intake where member_id = ${memberId} returning key)
    select key from archives_gone union all select key from intakes_gone`.execute(tx);
  for (const { key } of rows) if (key !== null) await dropStored(tx, key, [ARCHIVE_FILE]);
}
