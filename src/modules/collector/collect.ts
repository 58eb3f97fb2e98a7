import { createHash, randomUUID } from 'node:crypto';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { momentOf } from './clock.ts';
import { setAside, type SetAside } from './dead-letters.ts';
import { type Arrival, type Call, EVENT_BYTES_MAX, readEvent } from './envelope.ts';
import { encoded } from './event-row.ts';
import { Fault } from './fault.ts';
import type { Source } from './sources.ts';
import type { Store } from './store.ts';

/** What one request brings, before anybody looked into its events. */
export interface Delivery {
  source: Source;
  events: unknown[];
  /** What the route says that they are; a batch leaves it to each event. */
  call: Call | undefined;
  sentAt: unknown;
  receivedAt: Date;
  memberId: string | undefined;
  userAgent: string;
}

/**
 * Answers when every event is either durable or set aside with its reason. One that does not fit takes none of the
 * others with it.
 */
export async function collect(
  { db }: Pick<Deps, 'db'>,
  store: Store,
  delivery: Delivery,
): Promise<{ taken: number; setAside: number }> {
  const { source, receivedAt } = delivery;
  const arrival: Arrival = {
    source,
    receivedAt: receivedAt.getTime(),
    sentAt: momentOf(delivery.sentAt),
    memberId: delivery.memberId,
    userAgent: delivery.userAgent,
  };
  const lines: string[] = [];
  const letters: SetAside[] = [];
  for (const given of delivery.events) {
    const event = completed(given, delivery.call);
    try {
      lines.push(lineOf(event, arrival));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      letters.push(letterFrom(event, error, delivery.call, arrival.sentAt));
    }
  }
  if (letters.length > 0) await inTransaction(db, (tx) => setAside(tx, source.id, letters, receivedAt));
  await store.take(lines);
  return { taken: lines.length, setAside: letters.length };
}

/** The event as the line that is stored, or the fault for which it can't be. */
export function lineOf(event: unknown, arrival: Arrival): string {
  const row = readEvent(event, arrival);
  const { properties, traits, context } = row;
  const length = properties.length + traits.length + context.length;
  // Letters are counted first: most events are far below, and bytes cost.
  if (length * 3 > EVENT_BYTES_MAX && Buffer.byteLength(properties + traits + context) > EVENT_BYTES_MAX) {
    throw new Fault('event_too_large');
  }
  return encoded(row);
}

/** An event of a single call says its kind by the address. One without an id gets the one that its content has. */
export function completed(event: unknown, call: Call | undefined): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return event;
  const { messageId, sentAt: _sentAt, writeKey: _writeKey, ...rest } = event as Record<string, unknown>;
  const type = call ?? rest['type'];
  const hasId = messageId !== undefined && messageId !== null && messageId !== '';
  if (hasId || call === 'cloudevent') return { ...event, type }; // a CloudEvent without an id is none
  // Said when, the same content is the same event; without a time two clicks in a row look alike, and are two.
  if (momentOf(rest['originalTimestamp'] ?? rest['timestamp']) === undefined)
    return { ...event, type, messageId: randomUUID() };
  const digest = createHash('sha256').update(bodyOf(rest)).digest('base64url');
  return { ...event, type, messageId: `content-${digest}` };
}

/** What did not even parse, as a letter. */
export const tornLetter = (text: string, call: Call | undefined): SetAside => ({
  reason: 'torn_json',
  place: '',
  kind: call ?? 'batch',
  body: text,
  sentAt: undefined,
});

function letterFrom(
  event: unknown,
  { reason, place }: Fault,
  call: Call | undefined,
  sentAt: number | undefined,
): SetAside {
  const told = typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : {};
  const name = asText(told['event'] ?? told['name']);
  const who = { userId: asText(told['userId']), anonymousId: asText(told['anonymousId']) };
  return { reason, place, kind: call ?? 'batch', body: bodyOf(event), sentAt, name, ...who };
}

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

function bodyOf(event: unknown): string {
  try {
    return JSON.stringify(event) ?? '';
  } catch {
    return ''; // nested beyond what can be written
  }
}
