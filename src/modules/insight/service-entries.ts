import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { serviceBetween, serviceReachesTo } from '#modules/fulfilment/index.ts';
import type { Marketplace } from './stock-entries.ts';
import { moveTold } from './told-entries.ts';

const SERVICE = {
  name: 'service_entry',
  most: 5_000,
  reachesTo: serviceReachesTo,
  between: serviceBetween,
} as const;

/** Sends how the next parts of orders now are; false when nothing is due. */
export const moveService = (
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone }: Pick<Marketplace, 'timeZone'>,
): Promise<boolean> => moveTold(connection, clickhouse, SERVICE, timeZone);
