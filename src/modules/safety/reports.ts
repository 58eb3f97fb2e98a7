import { sql } from 'kysely';
import { cleanWords, type Eye, open, peopleOf, socialErrors, trustOf } from '#modules/social/index.ts';
import type { Tx } from '#platform/db.ts';
import { raise, type Subject } from './concerns.ts';
import { safetyErrors } from './errors.ts';
import { type Reason, refuseOtherReason, weightOf } from './reasons.ts';

export const REPORT_WORDS_MAX = 1000;

export interface ReportWish {
  id: string;
  /** A piece that the reporter may look at, or a member whom they meet. */
  subject: Subject;
  reason: Reason;
  words: string;
}

/**
 * Tells the moderators of something, once for each member and thing: again is a retry, whatever it says. Whom it is about
 * is never told. Members who are trusted weigh more, so that many new accounts don't outweigh a few known ones.
 */
export async function report(
  tx: Tx,
  eye: Eye & { memberId: string },
  { id, subject, reason, words }: ReportWish,
  now: Date,
): Promise<void> {
  const { memberId } = eye;
  const thing = await reportable(tx, eye, subject);
  if (thing.ownerId === memberId) throw safetyErrors.own_thing({});
  refuseOtherReason(thing.kind, reason);
  const said = words.trim() === '' ? '' : cleanWords(words, REPORT_WORDS_MAX);
  if (await isReported(tx, memberId, subject)) return;
  const { level } = await trustOf(tx, memberId);
  const concernId = await raise(
    tx,
    subject,
    { cause: 'report', urgency: (1 + level) * weightOf(reason) },
    now,
  );
  const { rows } = await sql`
    insert into safety.report (id, concern_id, reporter_id, reason, words, at)
    values (${id}, ${concernId}, ${memberId}, ${reason}, ${said}, ${now})
    on conflict do nothing returning id`.execute(tx);
  // The same form came twice at once, or the id is another's: nothing of it stays.
  if (rows.length === 0) throw socialErrors.piece_differs({ pieceId: id });
}

interface Reportable {
  kind: string;
  ownerId: string | null;
}

/** Of what somebody may not see, they learn no more than of what never was. */
async function reportable(tx: Tx, eye: Eye & { memberId: string }, subject: Subject): Promise<Reportable> {
  if ('pieceId' in subject) return open(tx, eye, subject.pieceId);
  const person = (await peopleOf(tx, eye.memberId, [subject.profileId])).get(subject.profileId);
  if (!person) throw socialErrors.person_not_found({});
  return { kind: 'profile', ownerId: person.memberId };
}

async function isReported(tx: Tx, memberId: string, subject: Subject): Promise<boolean> {
  const [column, id] =
    'pieceId' in subject
      ? (['piece_id', subject.pieceId] as const)
      : (['profile_id', subject.profileId] as const);
  const { rows } = await sql`
    select from safety.report join safety.concern on concern.id = concern_id
    where ${sql.ref(column)} = ${id} and reporter_id = ${memberId}`.execute(tx);
  return rows.length > 0;
}
