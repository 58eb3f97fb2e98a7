/** When a part, or an order, is judged: it is done, or the day it was promised for is over at the moment of asking. */
const judged = (promise: string) => `is_counted AND (is_done OR ${promise} < {today:Date32})`;
/** What is not done is done on the last day there is, and in time for nothing. */
const onTime = (promise: string) => `is_counted AND is_done AND done_day <= ${promise}`;

const DUE = judged('first_promised_to');
const DUE_LAST = judged('promised_to');
const ON_TIME = onTime('first_promised_to');
const ON_TIME_LAST = onTime('promised_to');
const COUNTED = 'NOT is_void AND is_counted';

const part = (condition: string) => ({ sql: `NOT is_void AND ${condition}`, distinct: 'part_id' });
const units = (column: string, condition: string) => ({
  sql: `if(NOT is_void AND ${condition}, ${column}, 0)`,
});
const counted = (condition: string) => ({ sql: `if(${condition}, 1, 0)` });

/** Parts have one location, day and region each; their lines have the units. */
export const SERVICE_MEASURES = {
  parts_due: part(DUE),
  parts_due_last: part(DUE_LAST),
  parts_on_time: part(ON_TIME),
  parts_on_time_last: part(ON_TIME_LAST),
  parts_in_full: part(`is_counted AND is_done AND part_rejected = 0`),
  parts_perfect: part(`${ON_TIME} AND part_rejected = 0 AND NOT is_damaged AND NOT is_wrong`),
  units_due: units('quantity - cancelled', DUE),
  units_due_last: units('quantity - cancelled', DUE_LAST),
  units_on_time: units('remaining', ON_TIME),
  units_on_time_last: units('remaining', ON_TIME_LAST),
  units_first: units('quantity', `is_first AND is_counted AND (is_gone OR ${DUE} OR part_rejected > 0)`),
  units_filled: units('remaining', `is_first AND is_counted AND is_gone AND gone_day <= first_promised_to`),
  lines_assigned: counted(COUNTED),
  lines_rejected: counted(`${COUNTED} AND rejected > 0 AND NOT is_expired`),
};

/**
 * The orders that were placed in the period, each as its parts now are. It is done when all that is still wanted is done
 * and nothing waits for a location. Its parts were promised together first, and may have been promised anew each.
 */
export const ORDERS_SERVED = `
  SELECT *, wanted + waiting + short > 0 AS is_counted, wanted = given AND waiting = 0 AS is_done,
    if(wanted = 0, first_day, last_day) AS promised_to, first_day AS first_promised_to
  FROM (
    SELECT currency, order_id, order_day AS business_day, region, touchpoint,
      sum(remaining) AS wanted, sumIf(remaining, is_done) AS given,
      argMax(waiting_units, version) AS waiting, argMax(short_units, version) AS short,
      max(first_promised_to) AS first_day, maxIf(promised_to, remaining > 0) AS last_day,
      maxIf(done_day, remaining > 0) AS done_day,
      max(is_damaged) AS is_damaged, max(is_wrong) AS is_wrong
    FROM service_entry FINAL
    WHERE currency = {currency:String} AND order_day BETWEEN {from:Date32} AND {to:Date32} AND NOT is_void
    GROUP BY currency, order_id, order_day, region, touchpoint
  )`;

export const ORDER_MEASURES = {
  orders_due: counted(DUE),
  orders_due_last: counted(DUE_LAST),
  orders_otif: counted(`${ON_TIME} AND short = 0`),
  orders_otif_last: counted(`${ON_TIME_LAST} AND short = 0`),
  orders_perfect: counted(`${ON_TIME} AND short = 0 AND NOT is_damaged AND NOT is_wrong`),
};
