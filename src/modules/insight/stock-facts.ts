import { UNSPECIFIED_REGION } from '../market/index.ts';

/** 13 weeks: a season's worth of shipments, and as many of each day of the week. */
export const SHIPPED_DAYS = 91;
/** What was there so lately is still meant to be. */
const ACTIVE_DAYS = 90;
/** In millionths: a location's shares of its markets add up to so many. */
export const MILLIONTHS = 1_000_000;
/** Value is kept in thousandths of the minor unit, so that a year of it can be counted exactly. */
const VALUE_PER = 1_000;
/** A day that nobody sees, in days since 1970: what is in stock now is until then. */
const NEVER = 110_000;

const SENT = `
  SELECT location_id, region, toInt64(sum(remaining)) AS units FROM service_entry FINAL
  WHERE NOT is_void AND is_gone AND gone_day BETWEEN addDays({closes:Date32}, ${1 - SHIPPED_DAYS}) AND {closes:Date32}
  GROUP BY location_id, region HAVING units > 0`;

/** By what of it each location sent to each market. Rounded as it adds up, so that the shares of a location are all of it. */
const SHARES = `
  SELECT location_id, region, up_to - lagInFrame(up_to, 1, 0) OVER (
    PARTITION BY location_id ORDER BY region ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS weight
  FROM (
    SELECT location_id, region, intDiv(
      ${MILLIONTHS} * sum(units) OVER (PARTITION BY location_id ORDER BY region ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
      sum(units) OVER (PARTITION BY location_id)) AS up_to
    FROM (${SENT})
  )
  UNION ALL
  SELECT held.location_id AS location_id, if(place.region = '', '${UNSPECIFIED_REGION}', place.region) AS region,
    toInt64(${MILLIONTHS}) AS weight
  FROM (SELECT DISTINCT location_id FROM stock_day WHERE location_id NOT IN (SELECT location_id FROM (${SENT}))) AS held
  LEFT JOIN (SELECT location_id, region FROM stock_place FINAL) AS place ON place.location_id = held.location_id`;

/**
 * Movements of stock by the markets that it serves (decision 93), and on the day before the period what was sent to each in 13
 * weeks: one set of shares for all days of an answer.
 */
export const MARKET_STOCK = `
  SELECT moved.business_day AS business_day, moved.currency AS currency, moved.location_id AS location_id,
    share.region AS region, moved.moved * share.weight AS units, intDiv(moved.valued * share.weight, ${MILLIONTHS / VALUE_PER}) AS value,
    toInt64(0) AS sent
  FROM (
    SELECT business_day, currency, location_id, moved, valued FROM stock_day FINAL
    WHERE currency = {currency:String} AND business_day <= {closes:Date32}
  ) AS moved
  INNER JOIN (${SHARES}) AS share ON share.location_id = moved.location_id
  UNION ALL
  SELECT toDate32(addDays({from:Date32}, -1)) AS business_day, {currency:String} AS currency, location_id, region,
    toInt64(0) AS units, toInt64(0) AS value, shipped.units * ${MILLIONTHS} AS sent
  FROM (${SENT}) AS shipped`;

export const MARKET_STOCK_MEASURES = {
  held: { sql: 'units', per: MILLIONTHS },
  worth: { sql: 'value', per: VALUE_PER },
  sent: { sql: 'sent', per: MILLIONTHS },
};
export const MARKET_STOCK_POSITIONS = {
  closing_held: { of: 'held', at: 'closing' },
  closing_worth: { of: 'worth', at: 'closing' },
  worth_days: { of: 'worth', at: 'each_day' },
  /** The same at the end of every day. */
  sent_lately: { of: 'sent', at: 'closing' },
} as const;

/** Days of movements of a variant at a location, in days since 1970: what moved, what of it came, what was sent. */
const DAYS_OF_PLACE = `
  SELECT location_id, variant_id, currency, arraySort(each -> each.1, groupArray((on_day, moved, came, shipped))) AS days
  FROM (
    SELECT location_id, variant_id, currency, toInt32(business_day) AS on_day, toInt64(sum(on_hand)) AS moved,
      toInt64(sumIf(on_hand, on_hand > 0)) AS came, toInt64(sumIf(-on_hand, kind = 'ship')) AS shipped
    FROM stock_entry FINAL WHERE currency = {currency:String} AND business_day <= {closes:Date32}
    GROUP BY location_id, variant_id, currency, on_day
  ) GROUP BY location_id, variant_id, currency`;

/** Spells in which there was something on every day, at its beginning or because it came: first and last day. */
const SPELLS = `
  SELECT location_id, variant_id, currency, days,
    arrayCumSum(arrayMap(each -> each.2, days)) AS closing,
    arrayMap(n -> (days[n].1, if(closing[n] <= 0, days[n].1, if(n < length(days), days[n + 1].1 - 1, ${NEVER}))),
      arrayFilter(n -> closing[n] - days[n].2 + days[n].3 > 0, arrayEnumerate(days))) AS spans,
    arrayMap(n -> n = 1 OR spans[n].1 > spans[n - 1].2 + 1, arrayEnumerate(spans)) AS begins,
    arrayMap(group -> (group[1].1, group[-1].2), arraySplit((each, is_first) -> is_first, spans, begins)) AS spells
  FROM (${DAYS_OF_PLACE})`;

/** In millionths: what was sent in the 91 days before a day, for each of them on which something was there. */
const PACE_BEFORE = (day: string) => `intDiv(
      ${MILLIONTHS} * arraySum(each -> if(each.1 BETWEEN ${day} - ${SHIPPED_DAYS} AND ${day} - 1, each.4, 0), days),
      arraySum(each -> greatest(0, least(each.2, ${day} - 1) - greatest(each.1, ${day} - ${SHIPPED_DAYS}) + 1), spells))`;

const ENDED = `(spells[n].2 + 1)`;
const RETURNS = `if(n < length(spells), spells[n + 1].1, ${NEVER})`;
const PASSIVE = `least(${RETURNS}, ${ENDED} + ${ACTIVE_DAYS})`;

/**
 * When each variant began to be in stock at each location, and ceased to be: a day's state is the sum of all up to it. It is
 * active while it is in stock and for 90 days after; while it is active and out of stock, a day loses what a day in stock
 * sent in the 91 days before it ran out.
 */
export const AVAILABILITY = `
  SELECT spell.location_id AS location_id, spell.variant_id AS variant_id, spell.currency AS currency,
    addDays(toDate32('1970-01-01'), spell.change.1) AS business_day, spell.change.2 AS in_stock, spell.change.3 AS active,
    spell.change.4 AS lost, if(place.region = '', '${UNSPECIFIED_REGION}', place.region) AS region
  FROM (
    SELECT location_id, variant_id, currency, arrayJoin(arrayFlatten(arrayMap(n -> [
      (spells[n].1, toInt64(1), toInt64(1), toInt64(0)),
      (${ENDED}, toInt64(-1), toInt64(0), toInt64(${PACE_BEFORE(ENDED)})),
      (${PASSIVE}, toInt64(0), toInt64(-1), toInt64(-(${PACE_BEFORE(ENDED)})))
    ], arrayEnumerate(spells)))) AS change
    FROM (${SPELLS})
    WHERE change.1 < ${NEVER}
  ) AS spell
  LEFT JOIN (SELECT location_id, region FROM stock_place FINAL) AS place ON place.location_id = spell.location_id`;

export const AVAILABILITY_MEASURES = {
  in_stock: { sql: 'in_stock' },
  active: { sql: 'active' },
  lost: { sql: 'lost', per: MILLIONTHS },
};
export const AVAILABILITY_POSITIONS = {
  in_stock_days: { of: 'in_stock', at: 'each_day' },
  active_days: { of: 'active', at: 'each_day' },
  lost_units: { of: 'lost', at: 'each_day' },
} as const;
