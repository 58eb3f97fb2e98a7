import { sql } from 'kysely';
import type { BulkTx } from '#platform/bulk.ts';
import { idOf } from '#platform/ids.ts';
import type { StockLine } from './movement.ts';

interface OpeningLine extends StockLine {
  /** What all of its units cost; left out, nobody knows. */
  valueMinor?: number;
}

/**
 * Levels and their first moves together, by COPY, for an import or the demo. A variant that already has a level
 * at a location keeps it, so a repeat changes nothing. Nobody hears of it: who imports stock imports what is told
 * from it too.
 */
export async function openingStock(bulk: BulkTx, lines: readonly OpeningLine[]): Promise<{ opened: number }> {
  const fresh = await unopened(bulk, lines);
  if (fresh.length === 0) return { opened: 0 };
  await bulk.copy(
    'inventory.stock_level',
    ['variant_id', 'location_id', 'on_hand', 'value_minor'],
    Iterator.from(fresh).map(({ variantId, locationId, quantity, valueMinor = 0 }) => [
      variantId,
      locationId,
      quantity,
      valueMinor,
    ]),
  );
  await bulk.copy(
    'inventory.stock_movement',
    ['kind', 'cause_id', 'variant_id', 'location_id', 'on_hand_delta', 'reserved_delta', 'value_delta_minor'],
    Iterator.from(fresh).map(({ variantId, locationId, quantity, valueMinor = 0 }) => [
      'receive',
      idOf('inventory:opening', locationId),
      variantId,
      locationId,
      quantity,
      0,
      valueMinor,
    ]),
  );
  return { opened: fresh.length };
}

/** The lines whose level does not stand yet, one for each variant and place. */
async function unopened({ tx }: BulkTx, lines: readonly OpeningLine[]): Promise<OpeningLine[]> {
  const fresh = new Map(lines.map((line) => [`${line.variantId} ${line.locationId}`, line]));
  const { rows } = await sql<{ key: string }>`
    select variant_id || ' ' || location_id as key
    from inventory.stock_level
    join unnest(
      ${lines.map(({ variantId }) => variantId)}::uuid[],
      ${lines.map(({ locationId }) => locationId)}::uuid[]
    ) as line (variant_id, location_id) using (variant_id, location_id)`.execute(tx);
  for (const { key } of rows) fresh.delete(key);
  return [...fresh.values()];
}
