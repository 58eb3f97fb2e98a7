import type { FastifyRequest } from 'fastify';
import {
  type FulfilmentOrder,
  fulfilmentErrors,
  fulfilmentOrderById,
  type Shipment,
  shipmentsOf,
} from '#modules/fulfilment/index.ts';
import type { Db } from '#platform/db.ts';
import { findHere, type Here } from './register-here.ts';

/** A part that this store sends, or that comes here to be collected; another store's is none of this till's. */
export async function partHere(
  db: Db,
  request: FastifyRequest,
): Promise<{ here: Here; part: FulfilmentOrder } | undefined> {
  const { id } = request.params as { id: string };
  const here = await findHere(db, request);
  if (!here) return undefined;
  const part = await fulfilmentOrderById(db, id);
  const isComing = part.state === 'shipped' || part.state === 'ready';
  const isHere = part.locationId === here.store.id || (isComing && part.pickupLocationId === here.store.id);
  if (!isHere) throw fulfilmentErrors.fulfilment_order_not_found({ fulfilmentOrderId: id });
  return { here, part };
}

/** By which a part is sent, where it is. */
export async function shipmentOf(db: Db, { id, orderId }: FulfilmentOrder): Promise<Shipment | undefined> {
  const shipments = await shipmentsOf(db, orderId);
  return shipments.find(({ fulfilmentOrderId, state }) => fulfilmentOrderId === id && state !== 'failed');
}

/** From when somebody here has taken it on: until then, and for other stores' orders, nobody need know whose it is. */
const WORKED: ReadonlySet<FulfilmentOrder['state']> = new Set(['accepted', 'picked', 'packed', 'shipped']);

/** Whether its papers are for whoever stands at a till of this store: they bear the buyer's name and address. */
export const mayPrint = ({ state, locationId }: FulfilmentOrder, storeId: string): boolean =>
  WORKED.has(state) && locationId === storeId;
