import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { isCurrency, pricingErrors } from '../pricing/index.ts';
import { ordersErrors } from './errors.ts';
import { own } from './own.ts';
import type { OrdersDeliveryKind } from './tables.ts';

export interface DeliveryRate {
  currency: string;
  amountMinor: number;
  /** From this worth of goods it costs nothing. */
  freeFromMinor: number | null;
}

/** A way to get an order home, as the retailer offers it. */
export interface DeliveryMethod {
  code: string;
  name: string;
  kind: OrdersDeliveryKind;
  transitDaysMin: number;
  transitDaysMax: number;
  position: number;
  /** False: it has ended. Nothing is deleted, since orders went by it. */
  isActive: boolean;
  /** Where it is offered; empty: anywhere. */
  regionCodes: string[];
  rates: DeliveryRate[];
}

/** All of them, those that ended too, in the order in which buyers see them. */
export async function deliveryMethods(db: Db): Promise<DeliveryMethod[]> {
  const { rows } = await sql<DeliveryMethod>`
    select code, name, kind, transit_days_min as "transitDaysMin", transit_days_max as "transitDaysMax", position,
      is_active as "isActive", region_codes as "regionCodes",
      (select coalesce(json_agg(json_build_object('currency', currency, 'amountMinor', amount_minor,
         'freeFromMinor', free_from_minor) order by currency), '[]')
       from orders.delivery_rate where delivery_code = code) as rates
    from orders.delivery_option order by position, code`.execute(db);
  return rows;
}

/** Writes a way of delivery whole: a currency that is left out has no price any more. */
export async function putDeliveryMethod(tx: Tx, method: DeliveryMethod): Promise<void> {
  const { code, name, kind, transitDaysMin, transitDaysMax, position, isActive, regionCodes, rates } = method;
  if (transitDaysMax < transitDaysMin) throw ordersErrors.days_reversed({});
  const seen = new Set<string>();
  for (const { currency } of rates) {
    if (!isCurrency(currency)) throw pricingErrors.currency_unknown({ currency });
    if (seen.has(currency)) throw ordersErrors.rate_twice({ currency });
    seen.add(currency);
  }
  const values = {
    name,
    kind,
    transit_days_min: transitDaysMin,
    transit_days_max: transitDaysMax,
    position,
    is_active: isActive,
    region_codes: regionCodes,
  };
  await own(tx)
    .insertInto('orders.delivery_option')
    .values({ code, ...values })
    .onConflict((conflict) => conflict.column('code').doUpdateSet(values))
    .execute();
  await own(tx).deleteFrom('orders.delivery_rate').where('delivery_code', '=', code).execute();
  if (rates.length === 0) return;
  const rows = rates.map(({ currency, amountMinor, freeFromMinor }) => ({
    delivery_code: code,
    currency,
    amount_minor: amountMinor,
    free_from_minor: freeFromMinor,
  }));
  await own(tx).insertInto('orders.delivery_rate').values(rows).execute();
}
