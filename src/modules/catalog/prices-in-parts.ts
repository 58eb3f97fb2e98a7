import { type Db, inTransaction } from '#platform/db.ts';
import type { Actor } from '../identity/index.ts';
import { type PriceLine, type PriceOutcome, setPrices } from './list-prices.ts';

/** Lines of one transaction: buyers and others who set prices wait for no more than these. */
const LINES_AT_ONCE = 500;

/**
 * Lines in transactions of some hundreds, each told once it is written: whoever is interrupted knows how far they came.
 * A SKU that comes twice counts the first time, wherever it comes again.
 */
export async function* pricesInParts(
  db: Db,
  actor: Actor,
  listId: string,
  lines: readonly PriceLine[],
  how: { now: Date; isTried: boolean },
): AsyncGenerator<PriceOutcome[]> {
  const known = new Set<string>();
  for (let first = 0; first < lines.length; first += LINES_AT_ONCE) {
    const part = lines.slice(first, first + LINES_AT_ONCE);
    const fresh = part.filter(({ sku }) => !known.has(sku));
    const answers = await inTransaction(db, (tx) => setPrices(tx, actor, listId, fresh, how));
    const next = answers.values();
    yield part.map(({ sku, amountMinor }) => {
      const answer = known.has(sku) ? undefined : next.next().value;
      return answer ?? { sku, amountMinor, outcome: 'refused', refusal: 'sku_twice', beforeMinor: null };
    });
    for (const { sku } of fresh) known.add(sku);
  }
}
