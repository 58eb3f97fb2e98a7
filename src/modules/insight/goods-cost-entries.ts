import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { goodsCostsBetween, goodsCostsReachTo } from '#modules/orders/index.ts';
import { refreshRollup, touchedOf } from './rollups.ts';
import type { Marketplace } from './stock-entries.ts';
import { moveTold } from './told-entries.ts';

/** Sends what goods cost, as it next became known; false when nothing is due. */
export const moveGoodsCosts = (
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone, currency }: Marketplace,
): Promise<boolean> =>
  moveTold(
    connection,
    clickhouse,
    {
      name: 'goods_cost_entry',
      most: 10_000,
      reachesTo: goodsCostsReachTo,
      between: (from, after, to, zone) => goodsCostsBetween(from, after, to, zone, currency),
      sent: (entries) => refreshRollup(clickhouse, 'goods_costs', touchedOf(entries)),
    },
    timeZone,
  );
