import type { Db } from '#platform/db.ts';
import { locations } from '../inventory/index.ts';
import { readOrder } from '../orders/index.ts';
import type { Place } from './carrier.ts';
import { shipmentById } from './shipment.ts';

/** From where to where a shipment goes; undefined for an order whose buyer was erased. */
export async function endsOf(db: Db, shipmentId: string): Promise<{ from: Place; to: Place } | undefined> {
  const { orderId, locationId } = await shipmentById(db, shipmentId);
  const { address, pickupLocationId, number } = await readOrder(db, orderId);
  const places = await locations(db);
  const from = places.find(({ id }) => id === locationId);
  const store = places.find(({ id }) => id === pickupLocationId);
  if (!address || !from) return undefined;
  const { name, street, postcode, city, countryCode } = from;
  return {
    from: { name, street, postcode, city, countryCode, phone: '', email: '' },
    to: store ? atStore(store, number) : address,
  };
}

/** What is collected there: the store finds the order by its number on the label. */
const atStore = (
  { name, street, postcode, city, countryCode }: Omit<Place, 'phone' | 'email'>,
  number: string,
) => ({
  name: `${name}, ${number}`,
  street,
  postcode,
  city,
  countryCode,
  phone: '',
  email: '',
});
