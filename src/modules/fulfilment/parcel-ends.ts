import type { Db } from '#platform/db.ts';
import { locations } from '../inventory/index.ts';
import { readOrder } from '../orders/index.ts';
import type { Place } from './carrier.ts';
import { shipmentById } from './shipment.ts';

/** From where to where a shipment goes; undefined for an order whose buyer was erased. */
export async function endsOf(db: Db, shipmentId: string): Promise<{ from: Place; to: Place } | undefined> {
  const { orderId, locationId } = await shipmentById(db, shipmentId);
  const { address } = await readOrder(db, orderId);
  const from = (await locations(db)).find(({ id }) => id === locationId);
  if (!address || !from) return undefined;
  const { name, street, postcode, city, countryCode } = from;
  return { from: { name, street, postcode, city, countryCode, phone: '', email: '' }, to: address };
}
