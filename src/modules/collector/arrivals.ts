import type { ClickHouseClient } from '@clickhouse/client';

export interface HourOfArrivals {
  sourceId: string;
  /** RFC 3339, the beginning of the hour in UTC. */
  hour: string;
  arrivals: number;
  bots: number;
}

const HOURS_MAX = 168;
const ROWS_MAX = 20_000;

/** What came in the last hours, by source; our own ledgers among them, with an id of zeros. */
export async function arrivals(
  clickhouse: ClickHouseClient,
  { hours, at }: { hours: number; at: Date },
): Promise<HourOfArrivals[]> {
  const since = new Date(at.getTime() - Math.min(hours, HOURS_MAX) * 3_600_000);
  const result = await clickhouse.query({
    query: `
      select source_id as sourceId, formatDateTime(hour, '%Y-%m-%dT%H:%i:00Z') as hour,
        toFloat64(sum(arrivals)) as arrivals, toFloat64(sum(bots)) as bots
      from arrival_hour where arrival_hour.hour > {since: DateTime64(3, 'UTC')}
      group by source_id, arrival_hour.hour order by arrival_hour.hour desc, source_id limit ${ROWS_MAX}`,
    query_params: { since },
    format: 'JSONEachRow',
  });
  return result.json<HourOfArrivals>();
}
