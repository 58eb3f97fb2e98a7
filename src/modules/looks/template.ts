import type { LookItem } from './look.ts';

/** How many products stand in each row, from the top, by how many there are. */
const ROWS: readonly (readonly number[])[] = [
  [],
  [1],
  [2],
  [1, 2],
  [2, 2],
  [2, 3],
  [2, 2, 2],
  [2, 3, 2],
  [3, 2, 3],
];
const LARGEST_ROWS = [3, 3, 3];
const MARGIN = 60;

/** Products laid out in rows, for whoever places nothing by hand: each as large as its row lets it. */
export function laidOut(productIds: readonly string[]): LookItem[] {
  const rows = ROWS[productIds.length] ?? LARGEST_ROWS;
  const perRow = Math.ceil(productIds.length / rows.length);
  const height = (1250 - 2 * MARGIN) / rows.length;
  const items: LookItem[] = [];
  for (const [row, planned] of rows.entries()) {
    const isBeyond = productIds.length > 9;
    const ids = productIds.slice(items.length, items.length + (isBeyond ? perRow : planned));
    const step = (1000 - 2 * MARGIN) / Math.max(ids.length, 1);
    for (const [n, productId] of ids.entries()) {
      items.push({
        productId,
        variantId: null,
        shape: 'cut_out',
        x: Math.round(MARGIN + step * (n + 0.5)),
        y: Math.round(MARGIN + height * (row + 0.5)),
        // Pictures are taller than wide: four to five.
        width: Math.round(Math.min(step * 1.02, height * 0.82)),
        turn: 0,
        place: items.length,
      });
    }
  }
  return items;
}
