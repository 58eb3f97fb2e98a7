import type { Order } from '#modules/orders/index.ts';
import type { OrderDetail } from '#read/order-detail.ts';
import type { TimelineEntry } from '#read/order-timeline.ts';

export interface OrderView {
  order: Order;
  detail: OrderDetail;
  timeline: TimelineEntry[];
  timeZone: string;
}
