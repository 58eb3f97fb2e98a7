import type { Static } from 'typebox';
import { orderRecorded, returnRecorded } from '#events/orders.ts';
import type { Tx } from '#platform/db.ts';
import { recordPast } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';

type OrderPayload = Static<typeof orderRecorded.schema>;
export type LineKind = OrderPayload['lines'][number]['kind'];

interface SaleLine {
  kind?: LineKind;
  quantity?: number;
  grossMinor: number;
  discountMinor?: number;
}

export interface Sale {
  isReturn?: boolean;
  regionCode?: string;
  currency?: string;
  businessDay?: string;
  occurredAt?: string;
  touchpoint?: string;
  source?: string;
  lines: SaleLine[];
}

/** An event of an order or a return, as `orders` would record it, for tests of what follows the event table. */
export async function recordSale(tx: Tx, sale: Sale): Promise<void> {
  const documentId = newId();
  const businessDay = sale.businessDay ?? '2026-06-01';
  const payload: OrderPayload = {
    orderId: documentId,
    number: documentId,
    customerId: null,
    touchpoint: sale.touchpoint ?? 'web',
    regionCode: sale.regionCode ?? 'NL',
    currency: sale.currency ?? 'EUR',
    businessDay,
    occurredAt: sale.occurredAt ?? `${businessDay}T12:00:00.000Z`,
    source: sale.source ?? 'stoa',
    lines: sale.lines.map(({ kind = 'goods', quantity = 1, grossMinor, discountMinor = 0 }) => ({
      lineId: newId(),
      kind,
      productId: null,
      variantId: null,
      quantity,
      grossMinor,
      discountMinor,
      netMinor: grossMinor - discountMinor,
    })),
  };
  const id = newId();
  if (sale.isReturn) {
    await recordPast(tx, returnRecorded, [
      { id, payload: { ...payload, orderId: null, returnId: documentId } },
    ]);
  } else {
    await recordPast(tx, orderRecorded, [{ id, payload }]);
  }
}
