import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { carrierDelays } from '../fulfilment/index.ts';
import { answer, businessDayAt, shiftDay } from '../insight/index.ts';
import { type Miscount, miscounts, ranOut, unevenStock } from '../inventory/index.ts';
import { NIGHTLY, type Proposal, writeProposals } from './adjustments.ts';
import { movesOf, PACE_WEEKS, type StockMove } from './moves.ts';
import { SAFETY_DAYS, type SafetyLevel, safetyLevels } from './safety-levels.ts';
import { type SlowCarrier, slowCarriers } from './slow-carriers.ts';

const VARIANTS_MAX = 500;
const MISCOUNTS_MAX = 100;
const PROPOSALS_MAX = 200;
const RAN_OUT_MAX = 300;
/** What was sent less than that tells nothing of a day's demand. */
const SHIPPED_LEAST = 20;
const LEAD_DAYS_BACK = 365;
const CARRIER_DAYS = 28;
const DAY_MS = 86_400_000;

/** Job. Looks through the stock and what was sent for what would help, and writes what it expects of it. */
export async function propose({
  db,
  clickhouse,
  config,
  now,
}: Pick<Deps, 'db' | 'clickhouse' | 'config' | 'now'>): Promise<void> {
  const at = now();
  const since = new Date(at.getTime() - PACE_WEEKS * 7 * DAY_MS);
  const moves = movesOf(await unevenStock(db, { since, variantsMax: VARIANTS_MAX }));
  const lost = await miscounts(db, { since, limit: MISCOUNTS_MAX });
  const safer = safetyLevels(
    await ranOut(db, {
      from: since,
      to: at,
      days: SAFETY_DAYS,
      leadFrom: new Date(at.getTime() - LEAD_DAYS_BACK * DAY_MS),
      shippedLeast: SHIPPED_LEAST,
      limit: RAN_OUT_MAX,
    }),
  );
  const { currency, timeZone } = config;
  const to = businessDayAt(at, timeZone);
  const variants = [...new Set([...moves, ...lost, ...safer].map(({ variantId }) => variantId))];
  const prices = new Map<string, number>();
  if (variants.length > 0) {
    const { rows } = await answer(
      clickhouse,
      {
        from: shiftDay(to, 1 - PACE_WEEKS * 7),
        to,
        currency,
        by: ['variant'],
        metrics: ['average_price'],
        filters: { variant: variants },
      },
      { now: at, timeZone },
    );
    for (const { keys, figures } of rows) {
      const price = figures.average_price?.value;
      if (keys.variant !== undefined && typeof price === 'number') prices.set(keys.variant, price);
    }
  }
  const proposals = [
    ...moves.map((move) => moveProposal(move, prices.get(move.variantId) ?? null, currency)),
    ...lost.map((found) => keepProposal(found, prices.get(found.variantId) ?? null, currency)),
    ...safer.map((found) => safetyProposal(found, prices.get(found.variantId) ?? null, currency)),
  ]
    .sort((a, b) => (b.expectedMinor ?? 0) - (a.expectedMinor ?? 0) || b.expectedUnits - a.expectedUnits)
    .slice(0, PROPOSALS_MAX);
  const days = { from: shiftDay(to, -CARRIER_DAYS), to: shiftDay(to, -1) };
  const sent = { from: new Date(days.from), to: new Date(to), now: at };
  const slow = slowCarriers(await carrierDelays(db, sent)).map((each) =>
    carrierProposal(each, days, currency),
  );
  await inTransaction(db, (tx) => writeProposals(tx, [...slow, ...proposals], at, NIGHTLY));
}

/** Units that the place would sell in the weeks it gets them for, were they there. */
const moveProposal = (move: StockMove, priceMinor: number | null, currency: string): Proposal => {
  const { countryCode: region, ...facts } = move;
  return {
    kind: 'move_stock',
    subject: `move_stock ${facts.variantId} ${facts.fromId} ${facts.toId}`,
    region,
    facts: { ...facts, priceMinor },
    expectedUnits: facts.units,
    expectedMinor: priceMinor === null ? null : priceMinor * facts.units,
    currency,
  };
};

/** Units that would not be promised to somebody and then not be found, in as many weeks as were looked at. */
const keepProposal = (found: Miscount, priceMinor: number | null, currency: string): Proposal => {
  const { countryCode: region, ...facts } = found;
  return {
    kind: 'keep_back',
    subject: `keep_back ${facts.variantId} ${facts.locationId}`,
    region,
    facts: { ...facts, priceMinor },
    expectedUnits: facts.lossTotal,
    expectedMinor: priceMinor === null ? null : priceMinor * facts.lossTotal,
    currency,
  };
};

/** Units that would have been sold in as many weeks, were so many kept for what varies. */
const safetyProposal = (found: SafetyLevel, priceMinor: number | null, currency: string): Proposal => {
  const { countryCode: region, ...facts } = found;
  return {
    kind: 'raise_safety',
    subject: `raise_safety ${facts.variantId} ${facts.locationId}`,
    region,
    facts: { ...facts, priceMinor },
    expectedUnits: facts.savedUnits,
    expectedMinor: priceMinor === null ? null : priceMinor * facts.savedUnits,
    currency,
  };
};

/** Shipments that would come in time in as many days, were the carrier as it is elsewhere, or as the others are. */
const carrierProposal = (
  { countryCode: region, excess, ...facts }: SlowCarrier,
  days: { from: string; to: string },
  currency: string,
): Proposal => ({
  kind: 'contact_carrier',
  subject: `contact_carrier ${facts.carrier} ${region}`,
  region,
  facts: { ...facts, ...days },
  expectedUnits: excess,
  expectedMinor: null,
  currency,
});
