import assert from 'node:assert/strict';
import { addDays } from '#platform/days.ts';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { orderFromSupplier, sellBy, type SellingRule } from '#modules/inventory/index.ts';
import { demoProducts } from './products.ts';
import { DEMO_LOCATIONS } from './stores.ts';

/** How each of a few variants is sold that lies nowhere yet. */
const RULES = (today: string): SellingRule[] => [
  { kind: 'back_order', unitsMax: 40, leadDays: 14 },
  { kind: 'back_order', unitsMax: 25, leadDays: 10 },
  { kind: 'back_order', unitsMax: 12, leadDays: 21 },
  { kind: 'pre_order', unitsMax: 60, releaseOn: addDays(today, 45) },
  { kind: 'pre_order', unitsMax: 30, releaseOn: addDays(today, 70) },
];

const SOUGHT_IN = 60;
const APART = 4;

/** The variants of which nothing is here: the last colour of a product now and then. */
export const variantsAhead = (series: number, productsMax: number): string[] =>
  demoProducts(series)
    .take(Math.min(SOUGHT_IN, productsMax))
    .flatMap(({ record }) => (record.variants.length > 1 ? [record.variants.at(-1)?.id ?? ''] : []))
    .filter((_, n) => n % APART === 0)
    .take(RULES('2000-01-01').length)
    .toArray();

/** What is not here yet may be ordered; of the first, some are on their way. */
export async function sellAhead(tx: Tx, variantIds: readonly string[], now: Date): Promise<void> {
  const today = now.toISOString().slice(0, 10);
  const rules = RULES(today);
  for (const [n, variantId] of variantIds.entries()) {
    const rule = rules[n];
    if (rule) await sellBy(tx, variantId, rule, now);
  }
  const [first] = variantIds;
  const to = DEMO_LOCATIONS.find(({ kind }) => kind === 'warehouse');
  assert(to);
  if (first === undefined) return;
  await orderFromSupplier(tx, {
    id: idOf('demo:purchase', first),
    number: 'PO-1001',
    supplier: 'The makers',
    locationId: to.id,
    expectedOn: addDays(today, 9),
    lines: [{ variantId: first, quantity: 30, unitCostMinor: 900 }],
  });
}
