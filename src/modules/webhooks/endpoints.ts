import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { type Actor, record } from '../identity/index.ts';
import { webhooksErrors } from './errors.ts';
import { own } from './own.ts';
import { PING } from './public-events.ts';
import { sealed } from './sealed-secret.ts';
import { newSecret } from './signature.ts';

const ENDPOINTS_MAX = 100;
const OLD_SECRET_HOURS = 24;

export interface EndpointWish {
  id: string;
  url: string;
  description: string;
  eventNames: readonly string[];
  isActive: boolean;
}

export interface Endpoint extends Omit<EndpointWish, 'eventNames'> {
  eventNames: string[];
  /** `gone` or `failing`, where we switched it off ourselves. */
  offReason: string | null;
  failingSince: Date | null;
  createdAt: Date;
}

/**
 * Writes an endpoint whole. A new one answers its secret, this once; stored, it is sealed by `sealer`. The caller has
 * checked the address.
 */
export async function putEndpoint(
  tx: Tx,
  actor: Actor,
  { id, url, description, eventNames, isActive }: EndpointWish,
  sealer: string,
  now: Date,
): Promise<{ secret: string | null }> {
  await sql`select pg_advisory_xact_lock(hashtext('webhooks.endpoint'))`.execute(tx);
  const values = { url, description, event_names: [...new Set(eventNames)], is_active: isActive };
  const state = { off_reason: null, ...(isActive && { failing_since: null }) };
  const known = await own(tx)
    .updateTable('webhooks.endpoint')
    .set({ ...values, ...state })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  const secret = known ? null : newSecret();
  if (secret !== null) {
    if ((await endpoints(tx)).length >= ENDPOINTS_MAX) throw webhooksErrors.endpoints_full({});
    await own(tx)
      .insertInto('webhooks.endpoint')
      .values({ ...values, id, secret: sealed(secret, id, sealer), created_at: now })
      .execute();
  }
  await record(tx, actor, 'webhook_set', `webhook:${id}`, { isActive, events: values.event_names });
  return { secret };
}

/** A new secret; the old one signs beside it for a day, so that the receiver misses nothing while it changes over. */
export async function rotateSecret(
  tx: Tx,
  actor: Actor,
  id: string,
  sealer: string,
  now: Date,
): Promise<{ secret: string; oldUntil: Date }> {
  const secret = newSecret();
  const oldUntil = new Date(now.getTime() + OLD_SECRET_HOURS * 3_600_000);
  const { rows } = await sql`
    update webhooks.endpoint set old_secret = secret, old_secret_until = ${oldUntil},
      secret = ${sealed(secret, id, sealer)}
    where id = ${id} returning id`.execute(tx);
  if (rows.length === 0) throw webhooksErrors.endpoint_not_found({});
  await record(tx, actor, 'webhook_secret_changed', `webhook:${id}`);
  return { secret, oldUntil };
}

export const endpoints = (db: Db): Promise<Endpoint[]> =>
  own(db)
    .selectFrom('webhooks.endpoint')
    .select([
      'id',
      'url',
      'description',
      'event_names as eventNames',
      'is_active as isActive',
      'off_reason as offReason',
      'failing_since as failingSince',
      'created_at as createdAt',
    ])
    .orderBy('created_at')
    .orderBy('id')
    .execute();

/** Something to try an endpoint with. */
export async function ping(tx: Tx, endpointId: string, now: Date): Promise<number> {
  const known = await own(tx)
    .selectFrom('webhooks.endpoint')
    .select('id')
    .where('id', '=', endpointId)
    .executeTakeFirst();
  if (!known) throw webhooksErrors.endpoint_not_found({});
  const { id } = await own(tx)
    .insertInto('webhooks.delivery')
    .values({ endpoint_id: endpointId, event_id: newId(now.getTime()), event_name: PING, due_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
