import { randomUUID } from 'node:crypto';
import { migrateClickhouse } from '#platform/clickhouse-migrate.ts';
import { type Clickhouse, openClickhouse } from '#platform/clickhouse.ts';
import type { Stage } from './stage.ts';

const STEP = 1_000_000;
/** Of each visitor, so that somebody's journey has steps however few there are in all. */
const EVENTS_OF_VISITOR = 50;

interface Wish {
  events: number;
  /** From 1 April 2026 on, evenly. */
  days: number;
  sourceId: string;
}

/** A database of its own with so many events of visitors who look at products, in some regions; gone when it is done with. */
export async function storedEvents<Answer>(
  { clickhouse: address }: Stage,
  { events, days, sourceId }: Wish,
  use: (clickhouse: Clickhouse) => Promise<Answer>,
): Promise<Answer> {
  const database = `bench_${randomUUID().replaceAll('-', '')}`;
  await using clickhouse = await openClickhouse({ ...address, database });
  try {
    await migrateClickhouse(clickhouse);
    for (let from = 0; from < events; from += STEP) {
      const query_params = {
        from,
        step: Math.min(STEP, events - from),
        events,
        seconds: days * 86_400,
        sourceId,
      };
      await clickhouse.command({ query: FILL, query_params });
    }
    return await use(clickhouse);
  } finally {
    await clickhouse.command({ query: `drop database ${database}` });
  }
}

const FILL = `
  insert into event (source_id, message_id, kind, name, keyed_at, occurred_at, received_at, anonymous_id, touchpoint, region,
    product_id, url, visitor)
  select {sourceId: UUID}, toString(number), 'track',
    ['Product Viewed', 'Product Added', 'Cart Viewed', 'Checkout Started', 'Products Searched'][1 + cityHash64(number, 1) % 5],
    toDateTime64('2026-04-01 00:00:00', 3, 'UTC') + interval intDiv(number * {seconds: UInt64}, {events: UInt64}) second as at,
    at, at, concat('visitor ', toString(cityHash64(number, 2) % greatest(1000, intDiv({events: UInt64}, ${EVENTS_OF_VISITOR})))) as anonymous, 'web',
    ['NL', 'BE', 'DE', 'FR', 'GB', ''][1 + cityHash64(anonymous) % 6],
    toString(cityHash64(number, 3) % 900), 'https://shop.example/p/vase', cityHash64(anonymous)
  from numbers({from: UInt64}, {step: UInt64})`;
