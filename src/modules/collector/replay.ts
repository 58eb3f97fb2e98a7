import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type Actor, record } from '../identity/index.ts';
import { completed, lineOf } from './collect.ts';
import { type Arrival, CALLS } from './envelope.ts';
import { letterOf, settleLetter } from './dead-letters.ts';
import { collectorErrors } from './errors.ts';
import { Fault } from './fault.ts';
import { sourceOf } from './sources.ts';
import { holdBatch, toHold } from './waiting.ts';

/**
 * Takes a corrected letter into the stream. The letter is settled and the event put among those that wait to be sent
 * in one transaction: replayed by two at once, or killed in between, it is there once.
 */
export async function replayLetter(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  id: string,
  body: string,
): Promise<void> {
  const letter = await letterOf(db, id);
  if (letter.state === 'replayed') return;
  if (letter.state === 'dismissed') throw collectorErrors.letter_settled({});
  const source = await sourceOf(db, letter.sourceId);
  const arrival: Arrival = {
    source,
    receivedAt: letter.receivedAt.getTime(),
    sentAt: letter.sentAt?.getTime(),
    memberId: undefined,
    userAgent: '',
  };
  const batch = await toHold(id, corrected(body, letter.kind, arrival));
  await inTransaction(db, async (tx) => {
    if (!(await settleLetter(tx, id, 'replayed', now()))) return;
    await holdBatch(tx, batch);
    await record(tx, actor, 'letter_replayed', `letter:${id}`);
  });
}

/** It is not worth correcting. Dismissed twice, it is dismissed. */
export async function dismissLetter(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  id: string,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (await settleLetter(tx, id, 'dismissed', now()))
      await record(tx, actor, 'letter_dismissed', `letter:${id}`);
  });
}

/** The events of a corrected letter: one, or all of a batch that was torn. */
function corrected(body: string, kind: string, arrival: Arrival): string[] {
  const call = CALLS.find((each) => each === kind);
  try {
    const told = JSON.parse(body) as { batch?: unknown } | null;
    const events: unknown[] = Array.isArray(told?.batch) ? told.batch : [told];
    return events.map((event) => lineOf(completed(event, call), arrival));
  } catch (error) {
    if (error instanceof Fault)
      throw collectorErrors.letter_still_unfit({ reason: error.reason, place: error.place });
    if (error instanceof SyntaxError)
      throw collectorErrors.letter_still_unfit({ reason: 'torn_json', place: '' });
    throw error;
  }
}
