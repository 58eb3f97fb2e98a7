import type { Order, ReturnRequest } from '#modules/orders/index.ts';
import type { Contact } from '#modules/satisfaction/index.ts';
import type { OrderMargin } from '#read/order-margin.ts';
import type { OrderDetail } from '#read/order-detail.ts';
import type { TimelineEntry } from '#read/order-timeline.ts';

export interface OrderView {
  order: Order;
  detail: OrderDetail;
  timeline: TimelineEntry[];
  returns: ReturnRequest[];
  contacts: Contact[];
  /** Undefined where it is not known in the order's currency. */
  margin: OrderMargin | undefined;
  /** The number of the order whose goods come back for this one. */
  ofNumber: string | undefined;
  timeZone: string;
}
