import type { OrdersLineKind } from './tables.ts';

export interface Totals {
  goodsMinor: number;
  postageMinor: number;
  otherMinor: number;
  taxMinor: number;
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

/** The only place that adds an order up: what the buyer pays is the nets and the tax on them. */
export function totalsOf(
  lines: Iterable<{ kind: OrdersLineKind; netMinor: number; taxMinor?: number }>,
): Totals {
  const totals: Totals = { goodsMinor: 0, postageMinor: 0, otherMinor: 0, taxMinor: 0, totalMinor: 0 };
  for (const { kind, netMinor, taxMinor = 0 } of lines) {
    totals[PART[kind]] += netMinor;
    totals.taxMinor += taxMinor;
    totals.totalMinor += netMinor + taxMinor;
  }
  return totals;
}
