import { sql } from 'kysely';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { answer, businessDayAt, type Clock, dayCount, freshness, shiftDay } from '../insight/index.ts';
import { locations } from '../inventory/index.ts';
import type { AdjustmentKind } from './adjustments.ts';
import { type Effect, type EffectMetric, writeEffect } from './effects.ts';
import { GET_WEEKS, PACE_WEEKS } from './moves.ts';
import { goodsPanel, repriced } from './goods-panel.ts';
import { PRICE_WEEKS_AHEAD } from './reprice.ts';
import { type Panel, panelIn } from './panel.ts';
import { type Column, compareWithOthers } from './synthetic.ts';

/** What an adjustment is measured by, and in how many days it is expected to bring what it says. */
const MEASURED_BY = {
  move_stock: { metric: 'units', sign: 1, days: GET_WEEKS * 7 },
  keep_back: { metric: 'cancelled_units', sign: -1, days: PACE_WEEKS * 7 },
  raise_safety: { metric: 'units', sign: 1, days: PACE_WEEKS * 7 },
  reprice: { metric: 'units', sign: 1, days: PRICE_WEEKS_AHEAD * 7 },
} as const satisfies Partial<Record<AdjustmentKind, { metric: EffectMetric; sign: 1 | -1; days: number }>>;

const BEFORE_DAYS = 56;
const BEFORE_LEAST = 28;
export const AFTER_LEAST = 14;
const AFTER_DAYS = 28;
/** Sales are told late: so long after its last day an effect is measured anew. */
const SETTLE_DAYS = 14;
/** Of less than so much in the days before, nothing can be said. */
const COUNTED_LEAST = 20;
export const MARKETS_LEAST = 4;
const MARKETS_MOST = 40;

interface Accepted {
  id: string;
  kind: keyof typeof MEASURED_BY;
  region: string;
  variantId: string;
  fromId: string | null;
  /** Of a price: countries that had one of their own. */
  besides: string[] | null;
  expectedUnits: number;
  currency: string;
  decidedAt: Date;
}

/** Job. Measures what accepted adjustments brought, each night until their days are over and all sales are told. */
export async function measureAdjustments({
  db,
  clickhouse,
  config,
  now,
}: Pick<Deps, 'db' | 'clickhouse' | 'config' | 'now'>): Promise<void> {
  const { asOf } = await freshness(db);
  const knownTo = shiftDay(businessDayAt(asOf, config.timeZone), -1);
  const clock = { now: now(), timeZone: config.timeZone };
  const countries = new Map((await locations(db)).map(({ id, countryCode }) => [id, countryCode]));
  for (const each of await accepted(db)) {
    const decidedOn = businessDayAt(each.decidedAt, config.timeZone);
    const around = {
      decidedOn,
      first: shiftDay(decidedOn, -BEFORE_DAYS),
      last: shiftDay(decidedOn, AFTER_DAYS + 1),
    };
    const others =
      each.kind === 'reprice'
        ? { treated: await repriced(db, each, around), heldOut: new Set<string>() }
        : await siblings(db, each, around);
    // The place that gave has less to sell than without it, so its country is no measure of what would have been.
    const gave = each.fromId === null ? undefined : countries.get(each.fromId);
    const touched = new Set([...others.treated, ...(gave === undefined ? [] : [gave])]);
    const effect = await effectOf(
      clickhouse,
      each,
      { decidedOn, knownTo, touched, heldOut: others.heldOut },
      clock,
    );
    await inTransaction(db, (tx) => writeEffect(tx, each.id, effect, now()));
  }
}

async function accepted(db: Db): Promise<Accepted[]> {
  const { rows } = await sql<Accepted>`
    select adjustment.id, kind, region, facts ->> 'variantId' as "variantId", facts ->> 'fromId' as "fromId",
      facts -> 'besides' as besides,
      expected_units as "expectedUnits", currency, decided_at as "decidedAt"
    from guidance.decision join guidance.adjustment on adjustment.id = adjustment_id
    where verdict = 'accepted' and kind::text = any(${Object.keys(MEASURED_BY)})
      and not exists (select from guidance.effect where effect.adjustment_id = adjustment.id and is_final)
    order by decided_at, adjustment.id`.execute(db);
  return rows;
}

/**
 * The markets in which the same was done meanwhile, and those where it was proposed as well and was not done: like the one that
 * is measured in all but that.
 */
async function siblings(
  db: Db,
  { kind, region, variantId, currency, decidedAt }: Accepted,
  { first, last }: { first: string; last: string },
): Promise<{ treated: Set<string>; heldOut: Set<string> }> {
  const { rows } = await sql<{ region: string; isTreated: boolean; isHeldOut: boolean }>`
    select region,
      bool_or(coalesce(verdict = 'accepted' and decided_at >= ${first}::date and decided_at <= ${last}::date, false))
        as "isTreated",
      bool_or(proposed_at <= ${decidedAt} and (state = 'open'
        or state in ('declined', 'lapsed') and changed_at >= ${decidedAt}::timestamptz - interval '28 days'))
        as "isHeldOut"
    from guidance.adjustment left join guidance.decision on adjustment_id = adjustment.id
    where kind = ${kind}::guidance.adjustment_kind and facts ->> 'variantId' = ${variantId}
      and currency = ${currency} and region <> ${region}
    group by region`.execute(db);
  const of = (is: (row: (typeof rows)[number]) => boolean) =>
    new Set(rows.filter(is).map((row) => row.region));
  return {
    treated: of(({ isTreated }) => isTreated),
    heldOut: of(({ isTreated, isHeldOut }) => isHeldOut && !isTreated),
  };
}

interface Around {
  decidedOn: string;
  knownTo: string;
  touched: ReadonlySet<string>;
  heldOut: ReadonlySet<string>;
}

async function effectOf(
  clickhouse: Deps['clickhouse'],
  adjustment: Accepted,
  { decidedOn, knownTo, touched, heldOut }: Around,
  clock: Clock,
): Promise<Effect> {
  const by = MEASURED_BY[adjustment.kind];
  const last = shiftDay(decidedOn, AFTER_DAYS);
  const toDay = knownTo < decidedOn ? decidedOn : knownTo < last ? knownTo : last;
  const told = {
    metric: by.metric,
    fromDay: shiftDay(decidedOn, 1),
    toDay,
    knownTo,
    beside: adjustment.kind === 'reprice' ? ('goods' as const) : ('markets' as const),
    markets: 0,
    isFinal: knownTo >= shiftDay(last, SETTLE_DAYS),
  };
  const days = dayCount({ from: told.fromDay, to: toDay });
  if (days < AFTER_LEAST) return { ...told, state: 'too_early' };
  const window = { decidedOn, from: shiftDay(decidedOn, -BEFORE_DAYS), toDay };
  const { before, columns } =
    adjustment.kind === 'reprice'
      ? await goodsPanel(clickhouse, adjustment, { ...window, most: MARKETS_MOST }, clock)
      : await panelOf(clickhouse, adjustment, window, clock);
  const subject = adjustment.kind === 'reprice' ? adjustment.variantId : adjustment.region;
  const counted = ({ values }: Column) => values.slice(0, before).reduce((sum, value) => sum + value, 0);
  const enough = columns.filter((column) => counted(column) >= COUNTED_LEAST);
  const treated = enough.find(({ region }) => region === subject);
  if (!treated || before < BEFORE_LEAST) return { ...told, state: 'too_little' };
  const untouched = enough
    .filter((column) => column !== treated && !touched.has(column.region))
    .sort((a, b) => counted(b) - counted(a) || (a.region < b.region ? -1 : 1));
  const without = untouched.filter(({ region }) => heldOut.has(region));
  const way = without.length >= MARKETS_LEAST ? 'holdout' : 'synthetic';
  const others = (way === 'holdout' ? without : untouched).slice(0, MARKETS_MOST);
  if (others.length < MARKETS_LEAST) return { ...told, markets: others.length, state: 'too_few_markets' };
  const hoped = (by.sign * adjustment.expectedUnits * days) / by.days;
  const { weights, ...compared } = compareWithOthers(treated, others, before, way);
  return {
    ...told,
    markets: others.length,
    state: 'measured',
    way,
    hoped,
    ...compared,
    weights:
      told.beside === 'goods'
        ? weights.map(({ region: variantId, weight }) => ({ variantId, weight }))
        : weights,
  };
}

/** Each market's figure day by day. */
async function panelOf(
  clickhouse: Deps['clickhouse'],
  { kind, variantId, currency }: Accepted,
  { decidedOn, from, toDay }: { decidedOn: string; from: string; toDay: string },
  clock: Clock,
): Promise<Panel> {
  const { metric } = MEASURED_BY[kind];
  const { rows } = await answer(
    clickhouse,
    {
      from,
      to: toDay,
      currency,
      by: ['region', 'day'],
      metrics: [metric],
      filters: { variant: [variantId] },
    },
    clock,
  );
  return panelIn(
    rows.map(({ keys, figures }) => ({ key: keys.region, day: keys.day, value: figures[metric]?.value })),
    { decidedOn, toDay },
  );
}
