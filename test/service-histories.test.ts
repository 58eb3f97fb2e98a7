import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPlacedOrder, aSpreadVariant, partsOf } from '#modules/fulfilment/factory.ts';
import { brokering, reject, tryAgain } from '#modules/fulfilment/index.ts';
import { shiftDay } from '#modules/insight/periods.ts';
import type { Question } from '#modules/insight/questions.ts';
import { AppError } from '#platform/errors.ts';
import { type Db } from '#platform/db.ts';
import { locationService } from '#read/service-levels.ts';
import {
  METRICS,
  OF_PARTS,
  TODAY,
  PERIOD,
  test,
  sumsOf,
  stepped,
  inRegion,
  type To,
} from './service-ground.ts';

const anAct = fc.record({
  does: fc.constantFrom<string>(
    'accepted',
    'packed',
    'shipped',
    'expired',
    'all',
    'all',
    'all',
    'ready',
    'reject',
    'reject',
    'cut',
    'again',
    'let go',
    'date',
    'promise',
    'complain',
    'wait',
    'replay',
  ),
  order: fc.nat(2),
  part: fc.nat(3),
  days: fc.integer({ min: -6, max: 1 }),
  kind: fc.constantFrom('damaged', 'wrong'),
  isFollowed: fc.boolean(),
});
type Act = typeof anAct extends fc.Arbitrary<infer Value> ? Value : never;

async function perform(db: Db, orderId: string, act: Act): Promise<void> {
  const parts = await partsOf(db, orderId);
  const part = parts[act.part % parts.length];
  if (!part) return;
  const day = shiftDay(TODAY, act.days);
  const at = new Date(`${day}T22:30:00Z`); // the next day in Amsterdam
  const run = (statement: ReturnType<typeof sql>) => statement.execute(db);
  const only = sql`where fulfilment_order_id = ${part.id}`;
  switch (act.does) {
    case 'reject': {
      const lines = part.lines
        .slice(0, 1)
        .map(({ orderLineId }) => ({ orderLineId, quantity: 1, reason: 'damaged' as const }));
      const wish = { id: randomUUID(), fulfilmentOrderId: part.id, lines };
      await brokering(db, (tx) => reject(tx, wish, new Date()));
      return;
    }
    case 'again': {
      const { rows } = await sql<{ id: string }>`
        select id from fulfilment.unfillable where order_id = ${orderId} and resolved_at is null`.execute(db);
      for (const { id } of rows) await brokering(db, (tx) => tryAgain(tx, id, new Date()));
      return;
    }
    case 'cut':
      await run(
        sql`update fulfilment.fulfilment_order_line set cancelled = cancelled + 1 ${only} and remaining > 0`,
      );
      return;
    case 'let go':
      await run(sql`update fulfilment.unfillable set resolved_at = now(), let_go = quantity
        where order_id = ${orderId} and resolved_at is null`);
      return;
    case 'date':
      await run(sql`update fulfilment.fulfilment_order set assigned_at = ${at} where id = ${part.id}`);
      return;
    case 'promise':
      await run(sql`update fulfilment.fulfilment_order set promised_to = ${day}, promised_from = ${day},
        first_promised_to = ${shiftDay(day, -1)}, first_promised_from = ${shiftDay(day, -1)} where order_id = ${orderId}`);
      return;
    case 'wait':
      await run(sql`update fulfilment.fulfilment_order set state = 'cancelled', waits_in = gen_random_uuid()
        where id = ${part.id} and accepted_at is null and state = 'assigned'`);
      await run(sql`update fulfilment.fulfilment_order_line line set cancelled = cancelled + remaining
        from fulfilment.fulfilment_order each ${only} and each.id = line.fulfilment_order_id and waits_in is not null`);
      return;
    case 'complain':
      await run(sql`insert into fulfilment.complaint (return_id, order_line_id, order_id, kind, noted_at)
        values (gen_random_uuid(), ${part.lines[0]?.orderLineId}, ${orderId},
          ${act.kind}::fulfilment.complaint_kind, now())`);
      return;
    case 'replay':
      await run(sql`update insight.follower set position = '0', number = 0 where name = 'service_entry'`);
      return;
    case 'all':
    case 'ready': {
      const all = [
        'accepted',
        'picked',
        'packed',
        ...(act.does === 'all' ? ['shipped', 'delivered'] : ['ready']),
      ];
      for (const to of all.slice(all.indexOf(part.state) + 1)) await stepped(db, part.id, to as To, at);
      return;
    }
    default:
      await stepped(db, part.id, act.does as To, at);
  }
}

/** Orders as their tables have them, told one by one. */
const ordersBySql = async (db: Db, orderIds: readonly string[], today: string) => {
  const { rows } = await sql<Record<'due' | 'otif' | 'otif_last' | 'due_last' | 'perfect', number>>`
    with wanted as (
      select order_id, first_promised_to as first, promised_to as last, remaining,
        (coalesce(ready_at, delivered_at) at time zone 'UTC')::date as done
      from fulfilment.fulfilment_order part join fulfilment.fulfilment_order_line on fulfilment_order_id = part.id
    ), told as (
      select
        not exists (select from wanted where order_id = of_order and remaining > 0 and done is null)
          and not exists (select from fulfilment.unfillable where order_id = of_order and resolved_at is null) as is_done,
        exists (select from fulfilment.unfillable where order_id = of_order and let_go > 0) as is_short,
        exists (select from wanted where order_id = of_order and remaining > 0)
          or exists (select from fulfilment.unfillable where order_id = of_order and (let_go > 0 or resolved_at is null)) as is_any,
        exists (select from fulfilment.complaint c join fulfilment.fulfilment_order_line l using (order_line_id)
          where c.order_id = of_order and remaining > 0) as is_bad,
        (select max(done) from wanted where order_id = of_order and remaining > 0) as done,
        (select max(first) from wanted where order_id = of_order) as first,
        coalesce((select max(last) from wanted where order_id = of_order and remaining > 0),
          (select max(first) from wanted where order_id = of_order)) as last
      from unnest(${orderIds}::uuid[]) as of_order
    ), judged as (
      select *, is_done and not is_short and done <= first as good, is_done and not is_short and done <= last as good_last
      from told where is_any
    )
    select count(*) filter (where is_done or first < ${today}::date)::integer as due,
      count(*) filter (where is_done or last < ${today}::date)::integer as due_last,
      count(*) filter (where good)::integer as otif, count(*) filter (where good_last)::integer as otif_last,
      count(*) filter (where good and not is_bad)::integer as perfect
    from judged`.execute(db);
  const [row] = rows;
  return {
    order_otif: `${row?.otif} of ${row?.due}`,
    order_otif_last: `${row?.otif_last} of ${row?.due_last}`,
    perfect_order: `${row?.perfect} of ${row?.due}`,
  };
};

const isRefusal = (error: unknown) => error instanceof AppError;
const REGIONS = ['IT', 'ES', 'PT'];

test(
  'whatever becomes of orders, the figures are what PostgreSQL says, and regions and locations add up to the whole',
  { timeout: 240_000 },
  async ({ db, databaseUrl, deps, follow, ask }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anAct, { minLength: 6, maxLength: 20 }), async (acts) => {
        await sql`update fulfilment.fulfilment_order set region_code = 'PL' where region_code = any(${REGIONS})`.execute(
          db,
        );
        const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [2, 3, 4]);
        const orders: string[] = [];
        for (const quantity of [4, 2, 2]) orders.push(await aPlacedOrder(db, { [variantId]: quantity }));
        for (const act of acts) {
          try {
            await perform(db, orders[act.order] ?? '', act);
          } catch (error) {
            if (!isRefusal(error)) throw error;
          }
          if (act.isFollowed) await follow();
        }
        for (const [index, id] of orders.entries()) await inRegion(db, id, REGIONS[index] ?? '');
        await follow();
        const differing = await sql`
          select * from fulfilment.service_now now where not exists (
            select from fulfilment.service_entry entry
            where entry.id = (select max(id) from fulfilment.service_entry where fulfilment_order_id = now.fulfilment_order_id)
              and (entry.state, entry.assigned_at, entry.lines, entry.waiting_units, entry.short_units, entry.is_damaged)
                = (now.state, now.assigned_at, now.lines, now.waiting_units, now.short_units, now.is_damaged))`.execute(
          db,
        );
        expect(differing.rows).toEqual([]);
        const now = new Date(`${TODAY}T12:00:00Z`);
        const asked = { filters: { region: REGIONS } };
        const { total } = await ask(now, asked);
        const told = sumsOf(total.figures);
        expect(told).toMatchObject(await ordersBySql(db, orders, TODAY));
        for (const by of [
          ['region'],
          ['day'],
          ['region', 'day'],
          ['touchpoint'],
          ['area'],
        ] as Question['by'][]) {
          const { rows } = await ask(now, { ...asked, by });
          const sums = METRICS.map((name) => {
            const sum = (of: 'numerator' | 'denominator') =>
              rows.reduce((all, { figures }) => all + (figures[name]?.[of] ?? 0), 0);
            return [name, `${sum('numerator')} of ${sum('denominator')}`];
          });
          expect(Object.fromEntries(sums), by.join(' ')).toEqual(told);
        }
        const levels = await locationService(deps.reads, {
          from: new Date(`${PERIOD.from}T00:00:00Z`),
          to: new Date(`${shiftDay(PERIOD.to, 1)}T00:00:00Z`),
          now,
        });
        const places = await ask(now, {
          by: ['location'],
          metrics: OF_PARTS,
          filters: { location: locationIds },
        });
        // A location whose parts were all taken away while they waited was asked for nothing.
        const measured = places.rows.filter(({ figures }) => figures.rejection_rate?.denominator !== 0);
        const byLocation = measured.map(({ keys, figures: of }) => [
          keys.location,
          ...[of.fill_rate, of.rejection_rate, of.on_time, of.in_full, of.perfect_parts].map(
            (each) => each?.value,
          ),
        ]);
        const byLevels = levels
          .filter(({ id }) => locationIds.includes(id))
          .map(({ id, fillRate, rejectionRate, onTime, inFull, perfect }) => [
            id,
            fillRate,
            rejectionRate,
            onTime,
            inFull,
            perfect,
          ]);
        const byId = (one: unknown[], other: unknown[]) => String(one[0]).localeCompare(String(other[0]));
        expect(byLocation.toSorted(byId)).toEqual(byLevels.toSorted(byId));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  },
);
