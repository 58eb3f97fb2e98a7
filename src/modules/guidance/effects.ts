import { sql } from 'kysely';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from '#platform/db.ts';
import { own } from './own.ts';
import type { EffectWay } from './synthetic.ts';

export const EFFECT_METRICS = ['units', 'cancelled_units', 'late_shipments', 'late_orders'] as const;
export type EffectMetric = (typeof EFFECT_METRICS)[number];
export const EFFECT_STATES = [
  'too_early',
  'too_little',
  'too_few_markets',
  'not_in_force',
  'measured',
] as const;

export const BESIDE = ['markets', 'goods', 'carriers', 'orders'] as const;
/**
 * What an effect is measured beside: other markets; of a price other goods of its market; of a carrier others, or itself elsewhere; of a
 * routing rule orders that one place alone could send.
 */
export type Beside = (typeof BESIDE)[number];

export const Weights = Type.Array(
  Type.Union([
    Type.Object({ carrier: Type.String(), region: Type.String(), weight: Type.Number() }),
    Type.Object({ region: Type.String(), weight: Type.Number() }),
    Type.Object({ variantId: Type.String(), weight: Type.Number() }),
  ]),
);

const Metric = Type.Enum([...EFFECT_METRICS]);
const BesideName = Type.Enum([...BESIDE]);

interface Told {
  metric: EffectMetric;
  fromDay: string;
  /** The last day looked at; the day before `fromDay` while there is none. */
  toDay: string;
  /** The last day whose figures were known. */
  knownTo: string;
  beside: Beside;
  /** So many markets, or goods, it is compared with. */
  markets: number;
  isFinal: boolean;
}

export interface Measurement {
  way: EffectWay;
  observed: number;
  /** What other markets let expect. */
  expected: number;
  /** What was expected of the adjustment in as many days, with the sign of what it does to the figure. */
  hoped: number;
  chance: number;
  /** In four of five cases what was to be expected lies between; only of what is compared by shares. */
  between?: { low: number; high: number };
  weights: Static<typeof Weights>;
}

export type Effect = Told &
  (({ state: 'measured' } & Measurement) | { state: Exclude<(typeof EFFECT_STATES)[number], 'measured'> });

/** Notes what was measured. With the same days known it was noted before, and stands; so does what is final. */
export async function writeEffect(tx: Tx, adjustmentId: string, effect: Effect, now: Date): Promise<void> {
  const measured =
    effect.state === 'measured'
      ? {
          way: effect.way,
          observed: effect.observed,
          expected: effect.expected,
          hoped: effect.hoped,
          chance: effect.chance,
          expected_low: effect.between?.low ?? null,
          expected_high: effect.between?.high ?? null,
          weights: JSON.stringify(effect.weights),
        }
      : {};
  await own(tx)
    .insertInto('guidance.effect')
    .values({
      adjustment_id: adjustmentId,
      known_to: effect.knownTo,
      state: effect.state,
      metric: effect.metric,
      from_day: effect.fromDay,
      to_day: effect.toDay,
      beside: effect.beside,
      markets: effect.markets,
      is_final: effect.isFinal,
      measured_at: now,
      ...measured,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const read = (db: Db) =>
  own(db)
    .selectFrom('guidance.effect')
    .select([
      'adjustment_id as adjustmentId',
      'state',
      'metric',
      'from_day as fromDay',
      'to_day as toDay',
      'known_to as knownTo',
      'beside',
      'markets',
      'is_final as isFinal',
      'way',
      'observed',
      'expected',
      'hoped',
      'chance',
      'weights',
      'expected_low as low',
      'expected_high as high',
    ]);
type Row = Awaited<ReturnType<ReturnType<typeof read>['execute']>>[number];

/** All that was measured of an adjustment, the newest first. */
export async function effectsOf(db: Db, adjustmentId: string): Promise<Effect[]> {
  const rows = await read(db).where('adjustment_id', '=', adjustmentId).orderBy('known_to', 'desc').execute();
  return rows.map(effectOf);
}

/** What was measured last of each. */
export async function latestEffects(db: Db, adjustmentIds: readonly string[]): Promise<Map<string, Effect>> {
  if (adjustmentIds.length === 0) return new Map();
  const rows = await read(db)
    .distinctOn('adjustment_id')
    .where('adjustment_id', '=', sql<string>`any(${[...adjustmentIds]}::uuid[])`)
    .orderBy('adjustment_id')
    .orderBy('known_to', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.adjustmentId, effectOf(row)]));
}

function effectOf(row: Row): Effect {
  const {
    adjustmentId: _of,
    state,
    way,
    observed,
    expected,
    hoped,
    chance,
    weights,
    low,
    high,
    ...rest
  } = row;
  const told = {
    ...rest,
    metric: Value.Parse(Metric, rest.metric),
    beside: Value.Parse(BesideName, rest.beside),
  };
  if (state !== 'measured') return { ...told, state };
  if (way === null || observed === null || expected === null || hoped === null || chance === null)
    throw new TypeError('A measured effect lacks a figure: its table forbids that');
  const between = low === null || high === null ? {} : { between: { low, high } };
  const measured = { way, observed, expected, hoped, chance, ...between };
  return { ...told, state, ...measured, weights: Value.Parse(Weights, weights) };
}
