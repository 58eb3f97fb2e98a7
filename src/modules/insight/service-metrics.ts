import { expression, type Metric } from './declarations.ts';

const service = expression('service');
const served = expression('served_orders');

const JUDGED =
  'Judged when it is done, or when the promised day is over (days by UTC); what is still under way is not.';
const DONE = 'Done is delivered, or ready in the store where it is collected.';
const OF_PARTS = 'By the day on which a location was given its part of an order.';
const OF_ORDERS = 'By the day on which the order was placed.';
const ASKED =
  'Units that a location gave back count again where they went; units that the order let go are owed no more.';

export const SERVICE_METRICS = {
  on_time: {
    kind: 'ratio',
    title: 'On time',
    definition: `Share of parts that were done no later than the last day first promised to the buyer. ${DONE} ${JUDGED} ${OF_PARTS}`,
    formula: 'parts on time ÷ parts due',
    unit: 'share',
    numerator: service(['parts_on_time']),
    denominator: service(['parts_due']),
  },
  on_time_last: {
    kind: 'ratio',
    title: 'On time, last promise',
    definition: `Share of parts that were done no later than the last day promised for them when last told. ${DONE} ${JUDGED} ${OF_PARTS}`,
    formula: 'parts on time by the last promise ÷ parts due by it',
    unit: 'share',
    numerator: service(['parts_on_time_last']),
    denominator: service(['parts_due_last']),
  },
  in_full: {
    kind: 'ratio',
    title: 'In full',
    definition: `Share of parts that were done without any unit given back by their location. ${DONE} ${JUDGED} ${OF_PARTS}`,
    formula: 'parts in full ÷ parts due',
    unit: 'share',
    numerator: service(['parts_in_full']),
    denominator: service(['parts_due']),
  },
  perfect_parts: {
    kind: 'ratio',
    title: 'Perfect parts',
    definition: `Share of parts that were on time by the first promise and in full, of which the buyer gave nothing back as damaged or as another thing than the papers say. ${JUDGED} ${OF_PARTS}`,
    formula: 'perfect parts ÷ parts due',
    unit: 'share',
    numerator: service(['parts_perfect']),
    denominator: service(['parts_due']),
  },
  unit_otif: {
    kind: 'ratio',
    title: 'On time and in full, by unit',
    definition: `Share of units that were asked of a location and done by it no later than the last day first promised. ${ASKED} ${DONE} ${JUDGED} ${OF_PARTS}`,
    formula: 'units done on time ÷ units due',
    unit: 'share',
    numerator: service(['units_on_time']),
    denominator: service(['units_due']),
  },
  unit_otif_last: {
    kind: 'ratio',
    title: 'On time and in full, by unit, last promise',
    definition: `Share of units that were asked of a location and done by it no later than the last day promised when last told. ${ASKED} ${DONE} ${JUDGED} ${OF_PARTS}`,
    formula: 'units done on time by the last promise ÷ units due by it',
    unit: 'share',
    numerator: service(['units_on_time_last']),
    denominator: service(['units_due_last']),
  },
  fill_rate: {
    kind: 'ratio',
    title: 'Fill rate',
    definition: `Share of ordered units that the location they were first given to sent, or had ready, no later than the last day first promised. A part counts once it has left, was given back or its promise is over. ${OF_PARTS}`,
    formula: 'units sent in time by the first location ÷ units given to it',
    unit: 'share',
    numerator: service(['units_filled']),
    denominator: service(['units_first']),
  },
  rejection_rate: {
    kind: 'ratio',
    title: 'Rejection rate',
    definition: `Share of lines that their location gave back, in whole or in part. What was not accepted in time is no rejection. ${OF_PARTS}`,
    formula: 'rejected lines ÷ assigned lines',
    unit: 'share',
    numerator: service(['lines_rejected']),
    denominator: service(['lines_assigned']),
  },
  order_otif: {
    kind: 'ratio',
    title: 'On time and in full, by order',
    definition: `Share of orders of which all that is still wanted was done no later than the last day first promised, and of which nothing was let go while no location could give it. ${DONE} ${JUDGED} ${OF_ORDERS}`,
    formula: 'orders on time and in full ÷ orders due',
    unit: 'share',
    numerator: served(['orders_otif']),
    denominator: served(['orders_due']),
  },
  order_otif_last: {
    kind: 'ratio',
    title: 'On time and in full, by order, last promise',
    definition: `Share of orders of which all that is still wanted was done no later than the last day promised when last told, and of which nothing was let go while no location could give it. ${DONE} ${JUDGED} ${OF_ORDERS}`,
    formula: 'orders on time and in full by the last promise ÷ orders due by it',
    unit: 'share',
    numerator: served(['orders_otif_last']),
    denominator: served(['orders_due_last']),
  },
  perfect_order: {
    kind: 'ratio',
    title: 'Perfect orders',
    definition: `Share of orders that are complete, with every line on the day first promised, papers right and goods whole. Complete: all that is still wanted is done and nothing was let go for want of goods. Papers right: nothing came back as a wrong item or not as described, as slip and label are drawn from the same rows. Whole: nothing came back as damaged on arrival. ${JUDGED} ${OF_ORDERS}`,
    formula: 'perfect orders ÷ orders due',
    unit: 'share',
    numerator: served(['orders_perfect']),
    denominator: served(['orders_due']),
  },
} as const satisfies Record<string, Metric>;
