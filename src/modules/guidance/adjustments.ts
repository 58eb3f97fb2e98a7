import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Actor } from '../identity/index.ts';
import { type Effect, latestEffects } from './effects.ts';
import { keepBack } from '../inventory/index.ts';
import { guidanceErrors } from './errors.ts';
import { own } from './own.ts';
import { PRICE_REASONS, type PriceReason } from './reprice.ts';

const Units = Type.Integer();
export const MoveFacts = Type.Object({
  variantId: Type.String(),
  fromId: Type.String(),
  toId: Type.String(),
  units: Units,
  shippedTo: Units,
  shippedFrom: Units,
  incomingTo: Units,
  availableFrom: Units,
  keptFrom: Units,
  priceMinor: Type.Union([Units, Type.Null()]),
});
export const KeepFacts = Type.Object({
  variantId: Type.String(),
  locationId: Type.String(),
  counts: Units,
  lossMost: Units,
  lossTotal: Units,
  safety: Units,
  priceMinor: Type.Union([Units, Type.Null()]),
});

/** A place that ran out, and how much to keep there for what varies. */
export const SafetyFacts = Type.Object({
  variantId: Type.String(),
  locationId: Type.String(),
  safety: Units,
  level: Units,
  daysOut: Type.Integer({ description: 'Of thirteen weeks' }),
  perDay: Type.Number({ description: 'Sent on a day on which there was some' }),
  perDayVaries: Type.Number({ description: 'Its standard deviation' }),
  leadDays: Type.Number({ description: 'From an order to its first delivery' }),
  leadDaysVary: Type.Number({ description: 'Their standard deviation' }),
  deliveries: Units,
  lostUnits: Units,
  savedUnits: Units,
  savedDays: Units,
  priceMinor: Type.Union([Units, Type.Null()]),
});

/** Shipments that left in time between two days, and how many of them came late. */
export const CarrierFacts = Type.Object({
  carrier: Type.String(),
  from: Type.String({ format: 'date' }),
  to: Type.String({ format: 'date' }),
  due: Units,
  late: Units,
  othersDue: Units,
  othersLate: Units,
  elsewhereDue: Units,
  elsewhereLate: Units,
});

/** What of the routing rules guidance may propose to change, the plainest first. */
export const RULE_NAMES = ['cost', 'promise', 'distance', 'load', 'split', 'locations_max'] as const;
export type RuleName = (typeof RULE_NAMES)[number];
const Tried = Type.Object({
  costMinor: Units,
  parcels: Units,
  fillRate: Type.Number(),
  inTime: Type.Integer({ description: 'Orders that would have come by their promise' }),
});
/** What one other rule would have made of the orders of some days, by a dry run, beside what the rules of then do. */
export const RuleFacts = Type.Object({
  version: Type.Integer({ description: 'Of the rules it would change' }),
  rule: Type.Unsafe<RuleName>({ type: 'string', enum: [...RULE_NAMES] }),
  was: Type.String(),
  becomes: Type.String(),
  from: Type.String({ format: 'date' }),
  to: Type.String({ format: 'date' }),
  orders: Units,
  today: Tried,
  tried: Tried,
});

const Range = Type.Object(
  { low: Type.Number(), value: Type.Number(), high: Type.Number() },
  { description: 'What is expected, and between what it lies in four of five cases' },
);
/** A price with which a thing is expected to bring more, and what of its past that follows from. */
export const RepriceFacts = Type.Object({
  variantId: Type.String(),
  offerId: Type.String(),
  besides: Type.Array(Type.String(), { description: 'Countries that have a price of their own' }),
  wasMinor: Units,
  becomesMinor: Units,
  costMinor: Type.Integer({ description: 'Of a piece, on average' }),
  reason: Type.Unsafe<PriceReason>({ type: 'string', enum: [...PRICE_REASONS] }),
  unitsNow: Type.Integer({ description: 'Sold in the last four weeks' }),
  unitsExpected: Type.Integer({
    description: 'What the twelve weeks before and all else let expect of them',
  }),
  coverNow: Type.Union([Type.Number(), Type.Null()], { description: 'Weeks that the stock lasts' }),
  coverBefore: Type.Union([Type.Number(), Type.Null()], { description: 'Weeks that it usually lasted' }),
  prices: Type.Integer({ description: 'Prices that were asked for three weeks or more' }),
  weeks: Type.Integer({ description: 'Weeks with sales that were looked at' }),
  others: Type.Integer({ description: 'Things whose answer to prices the estimate leans on' }),
  elasticity: Range,
  units: Range,
  netMinor: Range,
  marginMinor: Range,
});

const FACTS = {
  move_stock: MoveFacts,
  keep_back: KeepFacts,
  contact_carrier: CarrierFacts,
  change_rules: RuleFacts,
  reprice: RepriceFacts,
  raise_safety: SafetyFacts,
} as const satisfies Record<string, TSchema>;
export type AdjustmentKind = keyof typeof FACTS;

export type Proposal = {
  [Kind in AdjustmentKind]: {
    kind: Kind;
    subject: string;
    region: string;
    facts: Static<(typeof FACTS)[Kind]>;
    expectedUnits: number;
    expectedMinor: number | null;
    currency: string;
  };
}[AdjustmentKind];

export type AdjustmentState = 'open' | 'accepted' | 'declined' | 'lapsed';
export type Verdict = 'accepted' | 'declined';

interface Decided {
  verdict: Verdict;
  reason: string;
  actor: string;
  decidedAt: Date;
}

export type Adjustment = Proposal & {
  id: string;
  state: AdjustmentState;
  proposedAt: Date;
  changedAt: Date;
  decision: Decided | null;
  /** What it brought as it was measured last; null until an accepted one was. */
  effect: Effect | null;
};

/** What was decided is not proposed again before so many days have gone. */
const REST_DAYS = 28;
const DAY_MS = 86_400_000;

/** What the night's look through stock and deliveries proposes. */
export const NIGHTLY = [
  'move_stock',
  'keep_back',
  'raise_safety',
  'contact_carrier',
] as const satisfies AdjustmentKind[];

/**
 * What is to be proposed now, of the kinds that were looked for: the same as before keeps its row with the figures of today, what is no longer so lapses, and what
 * somebody has decided upon rests for four weeks.
 */
export async function writeProposals(
  tx: Tx,
  proposals: readonly Proposal[],
  now: Date,
  kinds: readonly AdjustmentKind[],
): Promise<void> {
  // Two that propose at once would each let the other's lapse: the second waits.
  await sql`lock table guidance.adjustment in share row exclusive mode`.execute(tx);
  const subjects = proposals.map(({ subject }) => subject);
  const { rows: resting } = await sql<{ subject: string }>`
    select distinct subject from guidance.adjustment
    where subject = any(${subjects}::text[]) and state in ('accepted', 'declined')
      and changed_at > ${new Date(now.getTime() - REST_DAYS * DAY_MS)}`.execute(tx);
  const rests = new Set(resting.map(({ subject }) => subject));
  const wanted = proposals.filter(({ subject }) => !rests.has(subject));
  await sql`
    update guidance.adjustment set state = 'lapsed', changed_at = ${now}
    where state = 'open' and kind::text = any(${[...kinds]}::text[]) and subject <> all(${wanted.map(({ subject }) => subject)}::text[])`.execute(
    tx,
  );
  for (const { kind, subject, region, facts, expectedUnits, expectedMinor, currency } of wanted) {
    const told = {
      facts: JSON.stringify(facts),
      expected_units: expectedUnits,
      expected_minor: expectedMinor,
      currency,
      changed_at: now,
    };
    await own(tx)
      .insertInto('guidance.adjustment')
      .values({ id: newId(), kind, subject, region, proposed_at: now, ...told })
      // Written out: by a parameter the database could not tell, once it plans for any, that this is the index of open ones.
      .onConflict((conflict) =>
        conflict.column('subject').where('state', '=', sql.lit('open')).doUpdateSet(told),
      )
      .execute();
  }
}

/**
 * Somebody takes it up or turns it down, once. The same decision again is a retry. Whoever accepts that more is kept at a place has it
 * kept from now on; all else is done where it is done.
 */
export async function decide(
  tx: Tx,
  actor: Actor,
  {
    id,
    adjustmentId,
    verdict,
    reason,
  }: { id: string; adjustmentId: string; verdict: Verdict; reason: string },
  now: Date,
): Promise<void> {
  const made = await own(tx)
    .updateTable('guidance.adjustment')
    .set({ state: verdict, changed_at: now })
    .where('id', '=', adjustmentId)
    .where('state', '=', 'open')
    .returning(['id', 'kind', 'facts'])
    .executeTakeFirst();
  if (made) {
    if (made.kind === 'raise_safety' && verdict === 'accepted') {
      const { variantId, locationId, level } = Value.Parse(SafetyFacts, made.facts);
      await keepBack(tx, { variantId, locationId, units: level });
    }
    await own(tx)
      .insertInto('guidance.decision')
      .values({ id, adjustment_id: adjustmentId, verdict, reason, actor, decided_at: now })
      .execute();
    return;
  }
  const found = await own(tx)
    .selectFrom('guidance.adjustment as adjustment')
    .leftJoin('guidance.decision as decision', 'adjustment_id', 'adjustment.id')
    .select(['state', 'decision.id as decisionId', 'verdict', 'reason', 'actor'])
    .where('adjustment.id', '=', adjustmentId)
    .executeTakeFirst();
  if (!found) throw guidanceErrors.adjustment_not_found({});
  const isRetry =
    found.decisionId === id && found.verdict === verdict && found.reason === reason && found.actor === actor;
  if (!isRetry) throw guidanceErrors.adjustment_not_open({ state: found.state });
}

interface AdjustmentQuestion {
  id?: string | undefined;
  state?: AdjustmentState | undefined;
  region?: string | undefined;
  /** Those that were decided from then on. */
  decidedFrom?: Date | undefined;
  limit: number;
}

/** Refuses an adjustment that there is not. */
export async function assertAdjustment(db: Db, id: string): Promise<void> {
  const found = await own(db)
    .selectFrom('guidance.adjustment')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (!found) throw guidanceErrors.adjustment_not_found({});
}

/** Those that are expected to bring the most first. */
export async function adjustments(
  db: Db,
  { id, state, region, decidedFrom, limit }: AdjustmentQuestion,
): Promise<Adjustment[]> {
  let query = own(db)
    .selectFrom('guidance.adjustment as adjustment')
    .leftJoin('guidance.decision as decision', 'adjustment_id', 'adjustment.id')
    .select([
      'adjustment.id',
      'kind',
      'subject',
      'region',
      'state',
      'facts',
      'expected_units as expectedUnits',
      'expected_minor as expectedMinor',
      'currency',
      'proposed_at as proposedAt',
      'changed_at as changedAt',
      'verdict',
      'reason',
      'actor',
      'decided_at as decidedAt',
    ])
    .orderBy('expected_minor', (order) => order.desc().nullsLast())
    .orderBy('expected_units', 'desc')
    .orderBy('adjustment.id')
    .limit(limit);
  if (id !== undefined) query = query.where('adjustment.id', '=', id);
  if (state !== undefined) query = query.where('state', '=', state);
  if (region !== undefined) query = query.where('region', '=', region);
  if (decidedFrom !== undefined) query = query.where('decided_at', '>=', decidedFrom);
  const rows = await query.execute();
  const effects = await latestEffects(
    db,
    rows.filter((row) => row.state === 'accepted').map(({ id }) => id),
  );
  return rows.map(({ kind, facts, verdict, reason, actor, decidedAt, ...row }): Adjustment => {
    const decision =
      verdict && reason !== null && actor !== null && decidedAt
        ? { verdict, reason, actor, decidedAt }
        : null;
    const effect = effects.get(row.id) ?? null;
    const told = { ...row, decision, effect };
    switch (kind) {
      case 'move_stock':
        return { ...told, kind, facts: Value.Parse(MoveFacts, facts) };
      case 'keep_back':
        return { ...told, kind, facts: Value.Parse(KeepFacts, facts) };
      case 'contact_carrier':
        return { ...told, kind, facts: Value.Parse(CarrierFacts, facts) };
      case 'change_rules':
        return { ...told, kind, facts: Value.Parse(RuleFacts, facts) };
      case 'reprice':
        return { ...told, kind, facts: Value.Parse(RepriceFacts, facts) };
      case 'raise_safety':
        return { ...told, kind, facts: Value.Parse(SafetyFacts, facts) };
    }
  });
}
