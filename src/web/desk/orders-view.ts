import type { Location } from '#modules/inventory/index.ts';
import type { ListedOrder, orderFacets } from '#read/order-list.ts';
import type { OrderFilters } from './order-query.ts';

export interface OrdersView {
  rows: ListedOrder[];
  next: string | undefined;
  filters: OrderFilters;
  facets: Awaited<ReturnType<typeof orderFacets>>;
  places: Location[];
  /** Of the totals that are typed, where no currency is chosen. */
  currency: string;
  timeZone: string;
}
