import { type RawBuilder, sql } from 'kysely';
import { type Experiment, type Look, measuredBy, type Outcome, SEAMS } from '#modules/experiments/index.ts';
import { membersConsenting } from '#modules/identity/index.ts';
import type { Db } from '#platform/db.ts';

/** So many members are asked about at a time. */
const MEMBERS_AT_ONCE = 10_000;

type Asked = Pick<Experiment, 'id' | 'seam' | 'outcome' | 'guardrails' | 'variants' | 'stoppedAt'>;

/**
 * What became of the visitors or orders that were exposed, from the ledgers as they stand: of each outcome the sums of each
 * variant. Orders count until the experiment stopped; what came back of them counts whenever it did. Money is in
 * minor units of `currency`; what was sold in others counts as an order and as no money.
 */
export async function outcomesOfExperiment(
  reads: Db,
  experiment: Asked,
  { currency, now }: { currency: string; now: Date },
): Promise<Look> {
  const { id, seam, stoppedAt, variants } = experiment;
  const isOfVisitors = SEAMS[seam].unit === 'visitor';
  const units = isOfVisitors
    ? visitors(id, await consenting(reads, id), { currency, until: stoppedAt ?? now })
    : orders(id, { currency, now });
  const names = measuredBy(experiment);
  const sums = names.map(
    (name) => sql`count(${sql.ref(name)}) as ${sql.ref(`${name}_units`)},
      coalesce(sum(${sql.ref(name)}), 0)::double precision as ${sql.ref(`${name}_sum`)},
      coalesce(sum(${sql.ref(name)} * ${sql.ref(name)}), 0)::double precision as ${sql.ref(`${name}_squares`)}`,
  );
  const { rows } = await sql<Record<string, number>>`
    ${units} select variant, count(*)::integer as exposed, ${sql.join(sums)} from unit group by variant`.execute(
    reads,
  );
  const of = (place: number) => rows.find(({ variant }) => variant === place);
  const armOf = (place: number, name: Outcome) => ({
    units: Number(of(place)?.[`${name}_units`] ?? 0),
    sum: of(place)?.[`${name}_sum`] ?? 0,
    sumOfSquares: of(place)?.[`${name}_squares`] ?? 0,
  });
  return {
    exposed: variants.map((_each, place) => of(place)?.['exposed'] ?? 0),
    outcomes: Object.fromEntries(
      names.map((name) => [name, variants.map((_each, place) => armOf(place, name))]),
    ),
  };
}

/** The members whom exposed visitors turned out to be, as far as they agree to be counted at this moment. */
async function consenting(reads: Db, experimentId: string): Promise<string[]> {
  const { rows } = await sql<{ memberId: string }>`
    select distinct member_id as "memberId" from experiments.visitor_member
    join experiments.exposure on unit_id = visitor_id and experiment_id = ${experimentId}`.execute(reads);
  const ids = rows.map(({ memberId }) => memberId);
  const agreed: string[] = [];
  for (let from = 0; from < ids.length; from += MEMBERS_AT_ONCE)
    agreed.push(...(await membersConsenting(reads, ids.slice(from, from + MEMBERS_AT_ONCE), 'analytics')));
  return agreed;
}

/**
 * A visitor's orders are those of the carts that their browser checked out with, and those of the member whom they turned
 * out to be, wherever they were made; of several browsers of a member, the one that was exposed first.
 */
const visitors = (
  experimentId: string,
  members: readonly string[],
  { currency, until }: { currency: string; until: Date },
): RawBuilder<unknown> => sql`
  with exposed as materialized (
    select unit_id, variant, exposed_at from experiments.exposure where experiment_id = ${experimentId}
  ), found as (
    select placed.id as order_id, unit_id, exposed_at, 0 as rank
    from exposed join experiments.visitor_cart tied on visitor_id = unit_id
    join orders."order" placed on placed.cart_id = tied.cart_id and placed_at >= exposed_at and placed_at < ${until}
    union all
    select placed.id, unit_id, exposed_at, 1
    from exposed join experiments.visitor_member tied on visitor_id = unit_id
    join identity.customer on customer.member_id = tied.member_id
    join orders."order" placed on customer_id = customer.id and placed_at >= exposed_at and placed_at < ${until}
    where tied.member_id = any(${members}::uuid[])
      and not exists (select from experiments.visitor_cart other where other.cart_id = placed.cart_id)
  ), bought as (
    select distinct on (order_id) order_id, unit_id from found order by order_id, rank, exposed_at, unit_id
  ), of_visitor as (
    select unit_id, coalesce(sum(net), 0) as net, coalesce(sum(back), 0) as back
    from bought left join lateral (
      select sum(amount_minor) as net, -sum(amount_minor) filter (where amount_minor < 0 and recrediting_id is null) as back
      from market.sale_credit where sale_id = order_id and kind = 'regional' and currency = ${currency}
    ) as credited on true
    group by unit_id
  ), unit as (
    select variant, (of_visitor.unit_id is not null)::integer as conversion,
      coalesce(net, 0) as net_sales, coalesce(back, 0) as taken_back
    from exposed left join of_visitor using (unit_id)
  )`;

/** An outcome that is not known of an order yet is null: it is counted once it is. */
const orders = (
  experimentId: string,
  { currency, now }: { currency: string; now: Date },
): RawBuilder<unknown> => sql`
  with exposed as materialized (
    select unit_id, variant from experiments.exposure where experiment_id = ${experimentId}
  ), unit as (
    select variant, part.parts, (part.parts > 1)::integer as split, part.rejected, promised_to - business_day as promise_days, part.late,
      (exists (select from orders.cancellation where order_id = placed.id))::integer as cancelled,
      case when part.has_gone then (
        select coalesce(sum(amount_minor), 0) from market.sale_credit
        where sale_id = placed.id and kind = 'fulfilment' and currency = ${currency}) end as cost_to_serve
    from exposed join orders."order" placed on placed.id = unit_id
    cross join lateral (
      select nullif(count(*) filter (where is_first), 0) as parts,
        -- What nobody accepted in time is no rejection: nobody said anything.
        bool_or(exists (select from fulfilment.rejection where fulfilment_order_id = each.id))::integer as rejected,
        bool_and(gone_at is not null) filter (where is_live) as has_gone,
        case when bool_or(is_late) then 1 when bool_and(done_at is not null) filter (where is_live) then 0 end as late
      from fulfilment.fulfilment_order each
      cross join lateral (
        select coalesce(ready_at, delivered_at) as done_at, coalesce(ready_at, shipped_at) as gone_at,
          state not in ('rejected', 'expired', 'cancelled') as is_live) as ends
      cross join lateral (
        select is_live and (coalesce(done_at, ${now}::timestamptz) at time zone 'UTC')::date > first_promised_to as is_late) as judged
      where each.order_id = placed.id
    ) as part
  )`;
