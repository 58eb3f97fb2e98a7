import { sql } from 'kysely';
import { expect } from 'vitest';
import { setConsent } from '#modules/identity/index.ts';
import { countCustomers } from '#modules/insight/customers-count.ts';
import { customersSeen } from '#modules/insight/customers.ts';
import { catchUp } from '#modules/insight/follow-events.ts';
import { freshness } from '#modules/insight/freshness.ts';
import { firstContacts, satisfactionBy } from '#modules/satisfaction/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { countCustomerTastes } from '../src/customer-tastes.ts';
import { countDemoCustomers, loadDemo } from '../src/demo/index.ts';

const UNTIL = '2026-06-30';
const NOW = new Date(`${UNTIL}T12:00:00Z`);

test(
  "the demo's members buy, look and speak, and orders of the last weeks arrived: the same when it is loaded again",
  { timeout: 240_000 },
  async ({ deps }) => {
    const then = { ...deps, now: () => NOW };
    const { db, clickhouse } = deps;
    const there = async () => {
      const { rows } = await sql`
        select (select count(*)::integer from identity.member) as members,
          (select count(*)::integer from identity.consent) as consents,
          (select count(*)::integer from orders.order) as orders,
          (select count(*)::integer from fulfilment.fulfilment_order) as parts,
          (select count(*)::integer from collector.dead_letter) as letters,
          (select count(*)::integer from satisfaction.question where occasion in ('purchase', 'delivery')) as occasions,
          (select count(*)::integer from satisfaction.answer) as answers,
          (select count(*)::integer from satisfaction.contact) as contacts,
          (select count(*)::integer from reviews.review join social.piece using (id) where owner_id is not null) as reviews`.execute(
        db,
      );
      const steps = await clickhouse.query({
        query: `select toUInt32(count()) as steps, toUInt32(uniqExact(member_id)) as walkers from event final
          where kind = 'track'`,
        format: 'JSONEachRow',
      });
      return [rows[0], ...(await steps.json<{ steps: number; walkers: number }>())];
    };
    await loadDemo(then, 'tiny', { until: UNTIL });
    const first = await there();
    expect(first).toMatchObject([{ orders: 300, letters: 0, consents: 24 }, { walkers: 24 }]);
    const { rows: asked } = await sql<{ id: string }>`
      select member_id as id from identity.consent where granted order by id limit 1`.execute(db);
    const [{ id: memberId } = { id: '' }] = asked;
    await inTransaction(db, (tx) =>
      setConsent(tx, { memberId }, { analytics: false }, { touchpoint: 'web' }),
    );
    await loadDemo(then, 'tiny', { until: UNTIL });
    // One answer more: the one that was given meanwhile, which holds.
    expect(await there()).toEqual([Object.assign({}, first[0], { consents: 25 }), first[1]]);

    // They said how it went, each on the scale that is asked on; and some came to staff. Nobody is mailed about it.
    const period = { from: '2025-06-30', to: '2026-06-29' };
    const { total } = await satisfactionBy(db, period, 'none', deps.config.timeZone);
    expect(total.answered).toBeGreaterThan(total.owed / 6);
    expect(Math.min(total.csat.n, total.nps.n)).toBeGreaterThan(20);
    expect(total.csat.n + total.nps.n).toBe(total.answered);
    expect(total.csat.value).toBeGreaterThan(0.4);
    expect(total.csat.value).toBeLessThan(0.95);
    const [matters] = await firstContacts(db, period, 'none', { now: NOW, timeZone: deps.config.timeZone });
    expect(matters?.matters).toBeGreaterThan(8);
    const { rows: mailed } = await sql`
      select from satisfaction.asked where outcome = 'mailed'
      union all select from satisfaction.question where occurred_at >= ${`${UNTIL}T00:00:00Z`}`.execute(db);
    expect(mailed).toEqual([]);

    // What arrived, arrived before the demo opens, and with all that was ordered of its place.
    const { rows: odd } = await sql`
      select part.id from fulfilment.fulfilment_order part
      where delivered_at >= ${`${UNTIL}T00:00:00Z`} or shipped_at < placed_at or delivered_at < shipped_at or state <> 'delivered'
        or (select sum(quantity) from fulfilment.fulfilment_order_line where fulfilment_order_id = part.id) is distinct from
          (select sum(quantity) from orders.order_line line
            where line.order_id = part.order_id and line.location_id = part.location_id and kind = 'goods')`.execute(
      db,
    );
    expect(odd).toEqual([]);
    const { rows: told } = await sql<{ parts: number; late: number }>`
      select count(*)::integer as parts, count(*) filter (where done_at::date > promised_to)::integer as late
      from fulfilment.service_entry`.execute(db);
    expect(told).toEqual([{ parts: expect.any(Number), late: expect.any(Number) }]);
    expect(told[0]?.parts).toBeGreaterThan(20);
    expect(told[0]?.late).toBeLessThan((told[0]?.parts ?? 0) / 3);

    // While the numbers are behind, the count waits; then it is the night's.
    const jobs = async () => {
      const { rows } = await sql<{ task: string }>`
        select task_identifier as task from graphile_worker.jobs
        where task_identifier like '%count%' order by 1`.execute(db);
      return rows.map(({ task }) => task);
    };
    await countDemoCustomers(then);
    expect(await jobs()).toEqual(['demo.count_customers']);
    do await catchUp(then, AbortSignal.timeout(60_000));
    while ((await freshness(db)).behind);
    await countDemoCustomers(then);
    expect(await jobs()).toEqual(['demo.count_customers', 'insight.count_customers', 'insight.count_tastes']);
    await countCustomers(then);
    await countCustomerTastes(then);
    const { customers, tastes } = await customersSeen(db, { currency: 'EUR', limit: 50 });
    expect(customers.length).toBeGreaterThan(10);
    const drawn = [...tastes.values()].filter(({ interests }) => interests.length > 0);
    expect(drawn.length).toBeGreaterThan(customers.length / 2);
    const { rows: refusing } = await sql<{ id: string }>`
      select member_id as id from identity.consent where purpose = 'analytics' and not granted`.execute(db);
    expect(refusing).toHaveLength(5);
    const shown = new Set(customers.map(({ memberId }) => memberId));
    expect(refusing.filter(({ id }) => shown.has(id))).toEqual([]);
  },
);
