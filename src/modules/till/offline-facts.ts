import type { Db } from '#platform/db.ts';
import {
  marketsAt,
  searchProducts,
  type TillItem,
  tillItemsOf,
  variantIdsOfCodes,
} from '../catalog/index.ts';
import {
  availabilityOf,
  comesOn,
  type Incoming,
  incomingOf,
  type Later,
  levelsOf,
  locations,
  type StockLevel,
  unreleased,
} from '../inventory/index.ts';
import { type Facts, pricingFacts } from '../pricing/index.ts';
import { counterPlaces } from '../orders/index.ts';
import { counterOf } from './registers.ts';

/** What a till needs beside its items to price a basket by itself, as pricing does. Codes and members are for us to ask. */
export async function factsAt(
  db: Db,
  registerId: string,
  now: Date,
): Promise<{ currency: string; places: string[]; facts: Facts }> {
  const { register, store } = await counterOf(db, registerId);
  const { currency } = register;
  const places = await counterPlaces(db, store);
  const facts = await pricingFacts(db, { currency, codes: [], places, memberId: null }, now);
  return { currency, places, facts };
}

/** What a scanned code or some words mean, with its price here. */
export async function lookUp(
  db: Db,
  { registerId, code, q }: { registerId: string; code?: string | undefined; q?: string | undefined },
  now: Date,
): Promise<TillItem[]> {
  const { register, store } = await counterOf(db, registerId);
  const soldIn = { currency: register.currency, markets: await marketsAt(db, store) };
  if (code !== undefined) {
    const variantIds = [...(await variantIdsOfCodes(db, [code])).values()];
    return tillItemsOf(db, { variantIds }, soldIn, now);
  }
  if (q === undefined || q.trim() === '') return [];
  const { cards } = await searchProducts(db, { words: q });
  const productIds = cards.map(({ id }) => id);
  return tillItemsOf(db, { productIds }, soldIn, now);
}

export interface StockEverywhere {
  /** On the shelves of the register's store. */
  here: Omit<StockLevel, 'variantId' | 'locationId' | 'valueMinor'>;
  everywhere: { locationId: string; name: string; city: string; kind: string; available: number }[];
  incoming: Omit<Incoming, 'variantId'>[];
  /** What may be ordered here before it is anywhere: to be sent, or collected when it has come. */
  later: { kind: Later['kind']; units: number; on: string } | null;
}

const NOTHING_HERE = { onHand: 0, reserved: 0, allocated: 0, damaged: 0, safety: 0, short: 0, available: 0 };

/** Where a variant is, the most first, and when more of it comes. */
export async function stockEverywhere(
  db: Db,
  registerId: string,
  variantId: string,
  now: Date,
): Promise<StockEverywhere> {
  const { store } = await counterOf(db, registerId);
  const places = new Map((await locations(db)).map((place) => [place.id, place]));
  const { levels } = await levelsOf(db, { variantId, locationId: store.id });
  const found = await availabilityOf(db, [variantId], now);
  const everywhere = (found.get(variantId)?.locations ?? []).flatMap(({ locationId, available }) => {
    const place = places.get(locationId);
    return place ? [{ locationId, name: place.name, city: place.city, kind: place.kind, available }] : [];
  });
  const [level] = levels;
  const { onHand, reserved, allocated, damaged, safety, short, available } = level ?? NOTHING_HERE;
  const [held] = await unreleased(db, [variantId], now);
  const later = found.get(variantId)?.later;
  return {
    here: { onHand, reserved, allocated, damaged, safety, short, available: held ? 0 : available },
    later: later ? { kind: later.kind, units: later.units, on: comesOn(later, 1) } : null,
    everywhere: everywhere.toSorted((a, b) => b.available - a.available || (a.name < b.name ? -1 : 1)),
    incoming: (await incomingOf(db, [variantId])).map(({ locationId, quantity, expectedOn }) => ({
      locationId,
      quantity,
      expectedOn,
    })),
  };
}
