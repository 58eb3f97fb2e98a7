import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Db, openDb } from '#platform/db.ts';
import { startPostgres } from '#platform/embedded/postgres.ts';
import { migrate } from '#platform/migrate.ts';
import { outcomesOfExperiment } from '#read/experiment-outcomes.ts';
import { variantFor } from '../src/modules/experiments/assign.ts';
import { experimentById, expose } from '../src/modules/experiments/index.ts';
import { median } from './load.ts';
import { atMost, type Result } from './result.ts';

const DEALT = 200_000;
const NEW_VISITORS = 2_000;
const SIZES = [100_000, 1_000_000];
/** Of twenty visitors one buys. */
const VISITORS_A_BUYER = 20;
const ROUNDS = 3;

/** What an experiment costs a page, and what a look at it costs when a hundred thousand and when a million were exposed. */
export async function experiments(): Promise<Result[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stoa-experiments-'));
  try {
    const postgres = await startPostgres({ dir: join(dataDir, 'postgres'), fsync: true });
    const db = openDb(postgres.url, { max: 4 });
    try {
      await migrate(postgres.url);
      return await measure(db);
    } finally {
      await db.destroy();
      await postgres.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(db: Db): Promise<Result[]> {
  const experimentId = randomUUID();
  await sql`
    with owner as (insert into identity.member (id, name, email) values (gen_random_uuid(), 'Ada', 'ada@example.com') returning id)
    insert into experiments.experiment (id, key, title, hypothesis, owner_id, seam, variants, metric, planned_units, state,
      changed_at, started_at)
    select ${experimentId}, 'bench', 'Bench', '', id, 'list_order',
      '[{"choice": "popularity", "weight": 5000}, {"choice": "newest", "weight": 5000}]', 'conversion', 1000000, 'running', now(), now()
    from owner`.execute(db);
  await sql`
    insert into experiments.step (id, experiment_id, kind, reason, actor, taken_at)
    values (gen_random_uuid(), ${experimentId}, 'drafted', '', 'system', now())`.execute(db);
  const results = [dealing(experimentId), await exposing(db, experimentId)];
  let exposed = 0;
  const looks: number[] = [];
  for (const size of SIZES) {
    await crowd(db, experimentId, size - exposed);
    exposed = size;
    await sql`vacuum analyze`.execute(db);
    const seconds = await looking(db, experimentId);
    looks.push(seconds);
    results.push(atMost(`a look at ${size.toLocaleString('en')} exposed visitors`, seconds, 10, 's'));
  }
  const [small = 1, large = 1] = looks;
  return [...results, atMost('a look at ten times the visitors, of its time before', large / small, 15, '×')];
}

function dealing(experimentId: string): Result {
  const units = Array.from({ length: DEALT }, () => randomUUID());
  const began = performance.now();
  for (const unit of units) variantFor(experimentId, unit, [5000, 5000]);
  return atMost('a variant dealt', ((performance.now() - began) / DEALT) * 1000, 20, 'µs');
}

/** The first page of a visitor, beside the cheapest statement there is. */
async function exposing(db: Db, experimentId: string): Promise<Result> {
  const times: number[] = [];
  const bare: number[] = [];
  for (let visitor = 0; visitor < NEW_VISITORS; visitor += 1) {
    const began = performance.now();
    await expose(db, { experimentId, variant: visitor % 2 }, randomUUID(), new Date());
    const between = performance.now();
    await sql`select 1`.execute(db);
    times.push(between - began);
    bare.push(performance.now() - between);
  }
  const share = median(times) / median(bare);
  return atMost(`a visitor exposed, p50 ${median(times).toFixed(2)} ms, of a bare statement`, share, 12, '×');
}

/** Visitors, of whom one in twenty buys something for ten euros. */
async function crowd(db: Db, experimentId: string, size: number): Promise<void> {
  await sql`
    with visitor as (
      insert into experiments.exposure (experiment_id, unit_id, variant, exposed_at)
      select ${experimentId}, gen_random_uuid(), n % 2, now() - interval '2 hours'
      from generate_series(1, ${size}::integer) as n returning unit_id
    ), buyer as (
      select unit_id, gen_random_uuid() as cart_id, gen_random_uuid() as order_id
      from (select unit_id, row_number() over () as n from visitor) as each where n % ${VISITORS_A_BUYER}::integer = 0
    ), cart as (
      insert into orders.cart (id, currency) select cart_id, 'EUR' from buyer
    ), tied as (
      insert into experiments.visitor_cart (cart_id, visitor_id, tied_at) select cart_id, unit_id, now() from buyer
    ), credited as (
      insert into market.sale_credit (kind, sale_id, line_id, event_id, amount_minor, currency, business_day, region_code)
      select 'regional', order_id, order_id, order_id, 1000, 'EUR', current_date, 'NL' from buyer
    )
    insert into orders."order" (id, number, cart_id, state, touchpoint, currency, region_code, placed_at, business_day,
      goods_minor, postage_minor, other_minor, total_minor)
    select order_id, order_id, cart_id, 'paid', 'web', 'EUR', 'NL', now() - interval '1 hour', current_date, 1000, 0, 0, 1000
    from buyer`.execute(db);
}

async function looking(db: Db, experimentId: string): Promise<number> {
  const experiment = await experimentById(db, experimentId);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    const { outcomes } = await outcomesOfExperiment(db, experiment, { currency: 'EUR', now: new Date() });
    times.push((performance.now() - began) / 1000);
    if ((outcomes['net_sales']?.[0]?.sum ?? 0) === 0)
      throw new Error('an experiment in which nobody buys is none');
  }
  return median(times);
}
