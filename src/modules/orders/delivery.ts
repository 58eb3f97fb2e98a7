import type { Db } from '#platform/db.ts';
import { addDays } from '#platform/days.ts';
import { own } from './own.ts';

/** A way to get an order home, for a certain worth of goods. */
export interface DeliveryOption {
  code: string;
  name: string;
  amountMinor: number;
  /** From this worth of goods it costs nothing. */
  freeFromMinor: number | null;
  daysMin: number;
  daysMax: number;
}

/** The ways there are in this currency, the usual one first. */
export async function deliveryOptions(
  db: Db,
  currency: string,
  goodsMinor: number,
): Promise<DeliveryOption[]> {
  const options = await own(db)
    .selectFrom('orders.delivery_option as option')
    .innerJoin('orders.delivery_rate as rate', 'rate.delivery_code', 'option.code')
    .select([
      'option.code',
      'option.name',
      'rate.amount_minor as amountMinor',
      'rate.free_from_minor as freeFromMinor',
      'option.days_min as daysMin',
      'option.days_max as daysMax',
    ])
    .where('rate.currency', '=', currency)
    .orderBy('option.position')
    .orderBy('option.code')
    .execute();
  return options.map((option) => {
    const isFree = option.freeFromMinor !== null && goodsMinor >= option.freeFromMinor;
    return isFree ? { ...option, amountMinor: 0 } : option;
  });
}

/** The days between which an order that is placed on `day` is promised to arrive. */
export function promiseOf(option: Pick<DeliveryOption, 'daysMin' | 'daysMax'>, day: string) {
  return { promisedFrom: addDays(day, option.daysMin), promisedTo: addDays(day, option.daysMax) };
}
