import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

const Place = Type.Object({ variantId: Type.String(), locationId: Type.String() });

/** The last free unit of a variant at a location was reserved. */
export const stockRanOut = defineEvent('inventory.stock_ran_out.v1', Place);

/** A variant that had none free at a location has some again. */
export const stockCameIn = defineEvent('inventory.stock_came_in.v1', Place);

/** More units are promised at a location than are there: what is short must come from elsewhere, or be told to its buyers. */
export const stockFellShort = defineEvent(
  'inventory.stock_fell_short.v1',
  Type.Object({ ...Place.properties, short: Type.Integer() }),
);

/** A purchase is expected on another day: what was promised from it moves with it. */
export const purchaseDateMoved = defineEvent(
  'inventory.purchase_date_moved.v1',
  Type.Object({
    dateId: Type.String(),
    purchaseId: Type.String(),
    expectedBefore: Type.String(), // YYYY-MM-DD
    expectedOn: Type.String(),
  }),
);

/** A location has more for those who wait for goods to come to it: whoever serves them looks who is next. */
export const stockForWaiting = defineEvent('inventory.stock_for_waiting.v1', Place);
