import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { spendBetween, spendReachesTo } from '#modules/marketing/index.ts';
import { serveCostsBetween, serveCostsReachTo } from '#modules/orders/index.ts';
import { refreshRollup, touchedOf } from './rollups.ts';
import type { Marketplace } from './stock-entries.ts';
import { moveTold } from './told-entries.ts';

/** Sends what serving orders cost, as it next became known; false when nothing is due. */
export const moveServeCosts = (
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone }: Marketplace,
): Promise<boolean> =>
  moveTold(
    connection,
    clickhouse,
    {
      name: 'serve_cost_entry',
      most: 10_000,
      reachesTo: serveCostsReachTo,
      between: serveCostsBetween,
      sent: (entries) => refreshRollup(clickhouse, 'serve_costs', touchedOf(entries)),
    },
    timeZone,
  );

/** Sends what was spent on marketing, as it next became known; false when nothing is due. */
export const moveSpend = (
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone }: Marketplace,
): Promise<boolean> =>
  moveTold(
    connection,
    clickhouse,
    { name: 'spend_entry', most: 10_000, reachesTo: spendReachesTo, between: spendBetween },
    timeZone,
  );
