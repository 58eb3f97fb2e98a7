import { TupleParam } from '@clickhouse/client';
import type { Deps } from '#platform/module.ts';
import type { Purpose } from '../identity/index.ts';
import { personsErrors } from './errors.ts';
import { memberNode, nodeId } from './nodes.ts';
import { own } from './own.ts';
import { membersAppearing } from './persons.ts';

const NODES_MAX = 200;
export const STEPS_MAX = 500;
const DAY_MS = 86_400_000;
const NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')";

type Engines = Pick<Deps, 'db' | 'clickhouse'>;

/** Something that a person did in a browser or an app. */
export interface Step {
  name: string;
  at: Date;
  touchpoint: string;
  productId: string;
  orderId: string;
  url: string;
}

/** What was asked of ClickHouse. */
interface Asked {
  text: string;
  params: Record<string, unknown>;
}

interface Ids {
  members: string[];
  customers: string[];
  devices: { scope: string; value: string }[];
}

/** What stands for the person that a member is; the account alone where the graph knows nothing of it. */
async function idsOf({ db }: Engines, memberId: string, purpose: Purpose): Promise<Ids> {
  const appearing = await membersAppearing(db, [memberId], purpose);
  if (!appearing.has(memberId)) throw personsErrors.consent_missing({ purpose });
  const nodes = await own(db)
    .selectFrom('persons.node')
    .select(['kind', 'scope', 'value'])
    .where('person_id', '=', (query) =>
      query
        .selectFrom('persons.node')
        .select('person_id')
        .where('id', '=', nodeId(memberNode(memberId))),
    )
    .orderBy('seen_at', 'desc')
    .limit(NODES_MAX)
    .execute();
  const valuesOf = (kind: string) => nodes.flatMap((node) => (node.kind === kind ? [node.value] : []));
  return {
    members: [...new Set([memberId, ...valuesOf('member')])],
    customers: valuesOf('customer'),
    devices: nodes.filter(({ kind }) => kind === 'anonymous'),
  };
}

/**
 * Asked of the stream in the order of who walked, by the person's ids: it costs what the person did, and not what is stored.
 * Of a message that came twice the first one counts, as in the stream.
 */
const STEPS = `
  select name, happened, touchpoint, product_id as productId, order_id as orderId, url
  from (
    select name, toUnixTimestamp64Milli(occurred_at) as happened, mid, touchpoint, product_id, order_id, url
    from event_step
    where walker in (
        select arrayJoin(arrayMap(id -> cityHash64(id), arrayConcat({members: Array(String)}, {anonymous: Array(String)}))))
      and (member_id in {members: Array(UUID)} or (source_id, anonymous_id) in {devices: Array(Tuple(UUID, String))}
        and member_id = ${NOBODY} and customer_id = ${NOBODY})
      and occurred_at >= {from: DateTime64(3, 'UTC')} and occurred_at < {until: DateTime64(3, 'UTC')}
      and (not mapContains(consent, {purpose: String}) or consent[{purpose: String}])
    order by earliness desc limit 1 by name, toDate(keyed_at), visitor, source_id, mid
  )
  order by happened desc, mid limit {limit: UInt32}`;

interface Period {
  from: Date;
  until: Date;
}

async function stepsBy(
  { clickhouse }: Engines,
  { members, devices }: Ids,
  purpose: Purpose,
  { from, until }: Period,
  limit: number,
): Promise<{ steps: Step[]; sql: Asked }> {
  const params = {
    members,
    anonymous: devices.map(({ value }) => value),
    devices: devices.map(({ scope, value }) => [scope, value]),
    from: inClickhouse(from),
    until: inClickhouse(until),
    purpose,
    limit,
  };
  const found = await clickhouse.query({
    query: STEPS,
    query_params: { ...params, devices: params.devices.map((device) => new TupleParam(device)) },
    format: 'JSONEachRow',
  });
  const rows = await found.json<Omit<Step, 'at'> & { happened: number | string }>();
  const steps = rows.map(({ happened, ...step }) => ({ ...step, at: new Date(Number(happened)) }));
  return { steps, sql: { text: STEPS, params } };
}

/** What the person did in a period, the newest first. */
export async function stepsOfMember(
  deps: Engines,
  memberId: string,
  purpose: Purpose,
  period: Period,
  limit: number = STEPS_MAX,
): Promise<Step[]> {
  return (await stepsBy(deps, await idsOf(deps, memberId, purpose), purpose, period, limit)).steps;
}

/** What the person did before an order of theirs, in its order; of very many steps, the last ones. */
export async function journeyOfMember(
  deps: Engines,
  memberId: string,
  purpose: Purpose,
  { orderId, days }: { orderId: string; days: number },
): Promise<{ orderedAt: Date; steps: Step[]; sql: Asked }> {
  const ids = await idsOf(deps, memberId, purpose);
  const found = await deps.clickhouse.query({
    query: `select toUnixTimestamp64Milli(occurred_at) as at from event
      where order_id = {orderId: String} and kind = 'ledger'
        and name in ('orders.order_placed.v1', 'orders.order_recorded.v1')
        and (customer_id in {customers: Array(UUID)} or member_id in {members: Array(UUID)})
      order by earliness desc limit 1`,
    query_params: { orderId, customers: ids.customers, members: ids.members },
    format: 'JSONEachRow',
  });
  const [order] = await found.json<{ at: number | string }>();
  if (!order) throw personsErrors.order_not_theirs({});
  const orderedAt = new Date(Number(order.at));
  const period = { from: new Date(orderedAt.getTime() - days * DAY_MS), until: orderedAt };
  const { steps, sql } = await stepsBy(deps, ids, purpose, period, STEPS_MAX);
  return { orderedAt, steps: steps.toReversed(), sql };
}

const inClickhouse = (at: Date) => at.toISOString().slice(0, -1).replace('T', ' ');
