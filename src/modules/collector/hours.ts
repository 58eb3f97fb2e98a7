import type { ClickHouseClient } from '@clickhouse/client';

/** What a source sent in an hour, as it arrived. Our own ledgers have an id of zeros. */
export interface SourceHour {
  sourceId: string;
  arrivals: number;
  /** Those that came for the first time: what is not among them came twice. */
  firsts: number;
  /** 95 of 100 were there so many seconds after they happened. */
  delaySeconds: number;
}

export interface Reference {
  sourceId: string;
  what: 'product' | 'order' | 'region';
  name: string;
  times: number;
}

export interface Shape {
  sourceId: string;
  name: string;
  /** Empty: the event itself, of which there were so many. */
  property: string;
  type: string;
  times: number;
}

const REFERENCES_MAX = 20_000;
const SHAPES_MAX = 50_000;
const KEY = 'name, toDate(keyed_at), visitor, source_id, mid';
const IN_TIME = `received_at >= {from: DateTime64(3, 'UTC')} and received_at < {until: DateTime64(3, 'UTC')}`;

interface Span {
  from: Date;
  until: Date;
}

async function rowsOf<Row>(clickhouse: ClickHouseClient, query: string, span: Span): Promise<Row[]> {
  const found = await clickhouse.query({ query, query_params: { ...span }, format: 'JSONEachRow' });
  return found.json<Row>();
}

/**
 * A message that came twice is there once, with its first receipt: so what arrived, less what was received for the first
 * time, came again. The keys of the hour lead to their earlier copies by the table's order, whatever their age.
 */
export const hourOfSources = (clickhouse: ClickHouseClient, span: Span): Promise<SourceHour[]> =>
  rowsOf<SourceHour>(
    clickhouse,
    `select toString(counted.source_id) as sourceId, toFloat64(counted.arrived) as arrivals,
      toFloat64(first_ones.firsts) as firsts, toFloat64(first_ones.delay) as delaySeconds
    from (
      select source_id, sum(arrivals) as arrived from arrival_hour
      where hour >= {from: DateTime64(3, 'UTC')} and hour < {until: DateTime64(3, 'UTC')} group by source_id
    ) as counted
    left join (
      select source_id, countIf(first_at >= {from: DateTime64(3, 'UTC')}) as firsts,
        ifNotFinite(quantileExactIf(0.95)(late, first_at >= {from: DateTime64(3, 'UTC')}), 0) as delay
      from (
        select source_id, min(received_at) as first_at,
          greatest(0, argMin(dateDiff('second', occurred_at, received_at), received_at)) as late
        from event where (${KEY}) in (select ${KEY} from event where ${IN_TIME})
        group by ${KEY}
      ) group by source_id
    ) as first_ones on first_ones.source_id = counted.source_id
    order by sourceId`,
    span,
  );

/** What the hour's events name: products, orders, regions. The most frequent first. */
export const referencesOf = (clickhouse: ClickHouseClient, span: Span): Promise<Reference[]> =>
  rowsOf<Reference>(
    clickhouse,
    `select toString(source_id) as sourceId, ref.1 as what, ref.2 as name, toFloat64(count()) as times
    from (
      select source_id, arrayJoin(arrayConcat(
        if(order_id = '', [], [('order', order_id)]),
        arrayMap(each -> ('product', each), arrayDistinct(arrayFilter(each -> each != '', arrayPushBack(product_ids, product_id)))),
        if(region = '', [], [('region', toString(region))])
      )) as ref
      from event where ${IN_TIME}
    ) group by source_id, ref order by times desc, sourceId, what, name limit ${REFERENCES_MAX}`,
    span,
  );

/** Which properties the events of a span have, by their names, and of what type. What is null says nothing. */
export const shapesOf = (clickhouse: ClickHouseClient, span: Span): Promise<Shape[]> =>
  rowsOf<Shape>(
    clickhouse,
    `select toString(source_id) as sourceId, name, pair.1 as property,
      multiIf(pair.1 = '', '', startsWith(pair.2, '"'), 'text', pair.2 in ('true', 'false'), 'boolean',
        startsWith(pair.2, '{'), 'object', startsWith(pair.2, '['), 'list', 'number') as type,
      toFloat64(count()) as times
    from (
      select source_id, name, arrayJoin(arrayPushBack(
        arrayFilter(each -> each.1 != '' and each.2 != 'null', JSONExtractKeysAndValuesRaw(properties)), ('', ''))) as pair
      from event where ${IN_TIME}
    ) group by source_id, name, property, type order by times desc, sourceId, name, property, type limit ${SHAPES_MAX}`,
    span,
  );
