import { inTransaction } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { waiting } from '../collector/index.ts';
import { addEvidence, type Evidence } from './evidence.ts';
import { customerNode, memberNode } from './nodes.ts';
import { own } from './own.ts';

/** What was received is in the stream after this, or it waits in PostgreSQL. */
const SETTLED_MS = 60_000;
/** Looked at again each time: a message may come in a moment after the one behind it. Found twice, it is the same evidence. */
const OVERLAP_MS = 10 * 60_000;
const STEP_MS = 86_400_000;
const PAIRS_AT_ONCE = 5_000;

interface Found {
  sourceId: string;
  anonymousId: string;
  otherId: string;
  seenAt: string;
}

/** A member's session on a device: collected with both. Robots sign in on nothing. */
const SIGN_INS = `
  select toString(source_id) as sourceId, anonymous_id as anonymousId, toString(member_id) as otherId,
    toString(min(occurred_at)) as seenAt
  from event final
  where received_at >= {from: DateTime64(3, 'UTC')} and received_at < {until: DateTime64(3, 'UTC')}
    and anonymous_id != '' and member_id != toUUID('00000000-0000-0000-0000-000000000000') and not is_bot and kind != 'ledger'
  group by sourceId, anonymousId, otherId`;

/** An order that a browser says it completed, and that the ledger says whose it is. */
const ORDERS = `
  select toString(said.source_id) as sourceId, said.anonymous_id as anonymousId, toString(placed.customer_id) as otherId,
    toString(min(said.occurred_at)) as seenAt
  from (
    select source_id, anonymous_id, order_id, occurred_at from event final
    where received_at >= {from: DateTime64(3, 'UTC')} and received_at < {until: DateTime64(3, 'UTC')}
      and name = 'Order Completed' and kind = 'track' and anonymous_id != '' and order_id != '' and not is_bot
  ) as said
  join (
    select order_id, customer_id from event final
    where kind = 'ledger' and name = 'orders.order_placed.v1'
      and order_id in (
        select order_id from event
        where received_at >= {from: DateTime64(3, 'UTC')} and received_at < {until: DateTime64(3, 'UTC')}
          and name = 'Order Completed' and order_id != '')
  ) as placed on placed.order_id = said.order_id
  where placed.customer_id != toUUID('00000000-0000-0000-0000-000000000000')
  group by sourceId, anonymousId, otherId`;

/** Job of the minute: what the stream says of who is who since it was searched last. */
export async function followStream(deps: Pick<Deps, 'db' | 'clickhouse' | 'now'>): Promise<void> {
  const { db, now } = deps;
  const { since } = await waiting(db);
  const settled = Math.min(now().getTime(), since?.getTime() ?? Infinity) - SETTLED_MS;
  for (let until = 0; until < settled;) {
    const { searched_until: before } = await own(db)
      .selectFrom('persons.follower')
      .select('searched_until')
      .executeTakeFirstOrThrow();
    const from = new Date(before.getTime() - OVERLAP_MS);
    const first = await firstReceipt(deps, from);
    if (first === undefined || first >= settled) return;
    until = Math.min(settled, Math.max(first, before.getTime()) + STEP_MS);
    await search(deps, from, new Date(until));
    await inTransaction(db, (tx) =>
      own(tx)
        .updateTable('persons.follower')
        .set({ searched_until: new Date(Math.max(until, before.getTime())) })
        .where('searched_until', '=', before)
        .execute(),
    );
  }
}

/** Days in which nothing came are passed over. */
async function firstReceipt(
  { clickhouse }: Pick<Deps, 'clickhouse'>,
  from: Date,
): Promise<number | undefined> {
  const found = await clickhouse.query({
    query: `select toUnixTimestamp64Milli(min(received_at)) as at, count() as n from event
      where received_at >= {from: DateTime64(3, 'UTC')} and kind != 'ledger'`,
    query_params: { from: inClickhouse(from) },
    format: 'JSONEachRow',
  });
  const [row] = await found.json<{ at: number | string; n: number | string }>();
  return row && Number(row.n) > 0 ? Number(row.at) : undefined;
}

async function search(
  { db, clickhouse }: Pick<Deps, 'db' | 'clickhouse'>,
  from: Date,
  until: Date,
): Promise<void> {
  for (const kind of ['sign_in', 'order'] as const) {
    const found = await clickhouse.query({
      query: kind === 'sign_in' ? SIGN_INS : ORDERS,
      query_params: { from: inClickhouse(from), until: inClickhouse(until) },
      format: 'JSONEachRow',
    });
    const pairs = await found.json<Found>();
    for (let at = 0; at < pairs.length; at += PAIRS_AT_ONCE) {
      const evidence = pairs.slice(at, at + PAIRS_AT_ONCE).map((pair) => evidenceOf(kind, pair));
      await inTransaction(db, (tx) => addEvidence(tx, evidence));
    }
  }
}

/** A session proves the member; an order's number proves little, since it may be handed on. */
function evidenceOf(kind: 'sign_in' | 'order', { sourceId, anonymousId, otherId, seenAt }: Found): Evidence {
  return {
    id: idOf(`persons:${kind}`, [sourceId, anonymousId, otherId].join('\0')),
    kind,
    from: { kind: 'anonymous', scope: sourceId, value: anonymousId },
    to: kind === 'sign_in' ? memberNode(otherId) : customerNode(otherId),
    isStrong: kind === 'sign_in',
    saidBy: 'stream',
    seenAt: new Date(`${seenAt.replace(' ', 'T')}Z`),
  };
}

const inClickhouse = (at: Date) => at.toISOString().slice(0, -1).replace('T', ' ');
