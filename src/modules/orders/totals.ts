import type { OrdersLineKind } from './tables.ts';

export interface Totals {
  goodsMinor: number;
  postageMinor: number;
  otherMinor: number;
  totalMinor: number;
}

/** A discount lowers the goods; fees, vouchers and adjustments are money beside them. */
const PART = {
  goods: 'goodsMinor',
  discount: 'goodsMinor',
  postage: 'postageMinor',
  fee: 'otherMinor',
  voucher: 'otherMinor',
  adjustment: 'otherMinor',
} as const satisfies Record<OrdersLineKind, keyof Totals>;

/** The only place that adds an order up. */
export function totalsOf(lines: Iterable<{ kind: OrdersLineKind; netMinor: number }>): Totals {
  const totals: Totals = { goodsMinor: 0, postageMinor: 0, otherMinor: 0, totalMinor: 0 };
  for (const { kind, netMinor } of lines) {
    totals[PART[kind]] += netMinor;
    totals.totalMinor += netMinor;
  }
  return totals;
}
