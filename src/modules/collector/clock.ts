import { Fault } from './fault.ts';

/** A client's clock that is off by less is let be: to correct each event by a little would change their order. */
const SKEW_LET_BE_MS = 300_000;
const DAY_MS = 86_400_000;
const AGE_MAX_MS = 396 * DAY_MS; // 13 months
const AHEAD_MAX_MS = DAY_MS;
/** Years that a sort key may have: a clock beyond them is broken, and each of its months would be a partition. */
const KEYED_FROM = Date.UTC(2015, 0);
const KEYED_UNTIL = Date.UTC(2046, 0);

export interface Times {
  keyedAt: number;
  occurredAt: number;
  skewMs: number;
}

/**
 * When something happened. What the client wrote itself makes the key, whatever is wrong with it, because it is the
 * same when it is sent again; `sentAt` is not. An event without a time happened when it was first received.
 */
export function timesOf(said: number | undefined, sentAt: number | undefined, receivedAt: number): Times {
  if (said === undefined) return { keyedAt: 0, occurredAt: receivedAt, skewMs: 0 };
  const skewMs = sentAt === undefined ? 0 : sentAt - receivedAt;
  const occurredAt = Math.abs(skewMs) > SKEW_LET_BE_MS ? said - skewMs : said;
  if (occurredAt < receivedAt - AGE_MAX_MS) throw new Fault('too_old', '/timestamp');
  if (occurredAt > receivedAt + AHEAD_MAX_MS) throw new Fault('too_new', '/timestamp');
  return { keyedAt: said >= KEYED_FROM && said < KEYED_UNTIL ? said : 0, occurredAt, skewMs };
}

/** RFC 3339, as clients write it, or milliseconds; undefined for what is no time. */
export function momentOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}
