import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { movementsBetween, movementsReachTo, type ToldMovement } from '#modules/inventory/index.ts';
import { refreshRollup, type TouchedKey } from './rollups.ts';
import { moveTold } from './told-entries.ts';

/** Whose days the movements are on, and what they cost in. */
export interface Marketplace {
  timeZone: string;
  currency: string;
}

/** Sends the next movements of stock; false when nothing is due. */
export const moveStock = (
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone, currency }: Marketplace,
): Promise<boolean> =>
  moveTold(
    connection,
    clickhouse,
    {
      name: 'stock_entry',
      most: 10_000,
      reachesTo: movementsReachTo,
      between: async (...of) =>
        (await movementsBetween(...of)).map((movement) => ({ ...movement, currency })),
      sent: (movements) => refreshRollup(clickhouse, 'stock', touchedBy(movements, currency)),
    },
    timeZone,
  );

function touchedBy(movements: readonly ToldMovement[], currency: string): TouchedKey[] {
  const touched = new Map<string, TouchedKey>();
  for (const { business_day: day, location_id: locationId } of movements)
    touched.set(`${day} ${locationId}`, { currency, day, place: locationId });
  return [...touched.values()];
}
