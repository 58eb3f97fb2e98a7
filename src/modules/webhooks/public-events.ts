import {
  fulfilmentChanged,
  fulfilmentDelivered,
  fulfilmentShipped,
  fulfilmentUnfillable,
  promiseMoved,
} from '#events/fulfilment.ts';
import { findingOpened } from '#events/guidance.ts';
import { stockCameIn, stockFellShort, stockRanOut } from '#events/inventory.ts';
import { orderPlaced, returnInspected, returnRecorded, unitsCancelled } from '#events/orders.ts';
import { paymentCaptured, refundRefused } from '#events/payments.ts';
import { satisfactionAnswered, satisfactionAsked } from '#events/satisfaction.ts';

/** The events that other systems may hear of. They carry ids and facts, and no personal data. */
export const PUBLIC_EVENTS: readonly string[] = [
  orderPlaced,
  unitsCancelled,
  returnRecorded,
  returnInspected,
  paymentCaptured,
  refundRefused,
  stockRanOut,
  stockCameIn,
  stockFellShort,
  fulfilmentChanged,
  fulfilmentShipped,
  fulfilmentDelivered,
  fulfilmentUnfillable,
  promiseMoved,
  satisfactionAsked,
  satisfactionAnswered,
  findingOpened,
].map(({ name }) => name);

export const PING = 'webhooks.ping.v1';
