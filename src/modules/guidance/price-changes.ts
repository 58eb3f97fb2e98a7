import type { Tx } from '#platform/db.ts';
import type { Proposal } from './adjustments.ts';
import { writeProposals } from './adjustments.ts';
import { bestPrice, endingsOf, type NewPrice, type NoPrice } from './best-price.ts';
import { ownElasticity, priceLevels, shrunken } from './elasticity.ts';
import { own } from './own.ts';
import { PRICE_WEEKS_AHEAD, type PricedThing, reasonToReprice, type Why } from './reprice.ts';

export const WORLD_MARKET = 'world';

interface Asked {
  currency: string;
  /** The day of the look. */
  day: string;
  /** What the shop asks for its goods: it says how a price ends. */
  amounts: readonly number[];
}

/** What a night's look at prices came to. */
export interface PriceLook {
  day: string;
  currency: string;
  /** Prices whose sales or stock left their own past. */
  looked: number;
  proposed: number;
  /** Too little is known of how buyers answer to the price. */
  unsure: number;
  uncosted: number;
  /** No other price is expected to bring more. */
  noBetter: number;
}

/** Which prices to change, and to what; and of how many that ask for it nothing can be said. */
export function priceChanges(
  things: readonly PricedThing[],
  { currency, day, amounts }: Asked,
): { proposals: Proposal[]; look: PriceLook } {
  const estimates = shrunken(
    things.map(({ offerId, category, weeks }) => ({
      key: offerId,
      group: category,
      // A fall that is looked at now would be taken for the answer to the price of now.
      own: ownElasticity(weeks.slice(0, -PRICE_WEEKS_AHEAD)),
    })),
  );
  const endings = endingsOf(amounts);
  const found = things.flatMap((thing) => {
    const why = reasonToReprice(thing);
    return why ? [{ thing, why, price: bestPrice(thing, why, estimates.get(thing.offerId), endings) }] : [];
  });
  const proposals = found.flatMap(({ thing, why, price }) =>
    typeof price === 'string' ? [] : [proposalOf(thing, why, price, currency)],
  );
  const counted = (none: NoPrice) => found.filter(({ price }) => price === none).length;
  return {
    proposals,
    look: {
      day,
      currency,
      looked: found.length,
      proposed: proposals.length,
      unsure: counted('unsure'),
      uncosted: counted('uncosted'),
      noBetter: counted('no_better'),
    },
  };
}

function proposalOf(thing: PricedThing, why: Why, price: NewPrice, currency: string): Proposal {
  const { variantId, offerId, marketCode, besides, amountMinor: wasMinor, costMinor, weeks } = thing;
  const { amountMinor: becomesMinor, units, marginMinor, ...expected } = price;
  const { unitsExpected, coverNow, coverBefore, ...told } = why;
  return {
    kind: 'reprice',
    subject: `reprice ${offerId} ${wasMinor < becomesMinor ? 'up' : 'down'}`,
    region: marketCode === WORLD_MARKET ? '' : marketCode,
    facts: {
      variantId,
      offerId,
      besides,
      wasMinor,
      becomesMinor,
      costMinor: costMinor ?? 0,
      ...told,
      unitsExpected: Math.round(unitsExpected),
      coverNow: tenths(coverNow),
      coverBefore: tenths(coverBefore),
      prices: priceLevels(weeks.slice(0, -PRICE_WEEKS_AHEAD)),
      weeks: weeks.filter(({ units: sold }) => sold > 0).length,
      ...expected,
      units,
      marginMinor,
    },
    expectedUnits: units.value,
    expectedMinor: marginMinor.value,
    currency,
  };
}

const tenths = (weeks: number | null) => (weeks === null ? null : Math.round(weeks * 10) / 10);

/** Proposes those prices now, and notes what the look came to; what is not proposed any more lapses. */
export async function writePriceChanges(
  tx: Tx,
  things: readonly PricedThing[],
  asked: Asked,
  now: Date,
): Promise<PriceLook> {
  const { proposals, look } = priceChanges(things, asked);
  await writeProposals(tx, proposals, now, ['reprice']);
  const { day, noBetter, ...counts } = look;
  const told = { ...counts, no_better: noBetter, looked_at: now };
  await own(tx)
    .insertInto('guidance.price_look')
    .values({ looked_on: day, ...told })
    .onConflict((conflict) => conflict.column('looked_on').doUpdateSet(told))
    .execute();
  return look;
}
