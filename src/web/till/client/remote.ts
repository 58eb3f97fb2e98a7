import type { CodeState, Facts } from '#modules/pricing/index.ts';
import type { Basket, Item } from './basket.ts';
import { ask, Failing, QUOTE_MS_MAX, Refused, SignedOut, Unreachable } from './network.ts';
import type { Posted } from './queue.ts';
import type { QueuedSale } from './queued-sale.ts';
import type { Tender } from './tender.ts';
import type { Customer, Delivery, Here, Stock, Sums } from './till.ts';

const query = (parts: Record<string, string>) => new URLSearchParams(parts).toString();
const at = ({ registerId }: Pick<Here, 'registerId'>) => ({ registerId });

/** Where this till stands and by what it prices. */
export async function fetchHere(registerId: string, associateId: string | null): Promise<Here> {
  interface Place {
    register: { id: string; name: string; locationId: string };
    store: { name: string; countryCode: string };
    shift: { id: string } | null;
    hasTestTerminal: boolean;
  }
  const [{ register, store, shift, hasTestTerminal }, { currency, places, facts, asOf }] = await Promise.all([
    ask<Place>('GET', `/v1/till/registers/${registerId}`),
    ask<{ currency: string; places: string[]; facts: Facts; asOf: string }>(
      'GET',
      `/v1/till/facts?${query({ registerId })}`,
    ),
  ]);
  return {
    registerId,
    registerName: register.name,
    locationId: register.locationId,
    storeName: store.name,
    countryCode: store.countryCode,
    hasShift: shift !== null,
    hasTestTerminal,
    associateId,
    currency,
    places,
    facts,
    asOf,
  };
}

interface ItemPage {
  items: Item[];
  /** Of what was changed: what can't be sold any more. */
  gone: string[];
  cursor: string | null;
  asOf: string;
}

/** A page of what is sold here; of a part of it, what has changed since. */
export const fetchItems = (here: Here, from: { cursor?: string; changedSince?: string }): Promise<ItemPage> =>
  ask<ItemPage>('GET', `/v1/till/catalog?${query({ ...at(here), ...from })}`);

export async function lookUp(here: Here, code: string): Promise<Item | undefined> {
  const { items } = await ask<{ items: Item[] }>('GET', `/v1/till/lookup?${query({ ...at(here), code })}`);
  return items[0];
}

export async function searchServer(here: Here, words: string): Promise<Item[]> {
  return (await ask<{ items: Item[] }>('GET', `/v1/till/lookup?${query({ ...at(here), q: words })}`)).items;
}

export async function fetchStock(here: Here, variantId: string): Promise<Stock> {
  const {
    here: own,
    everywhere,
    later,
  } = await ask<{
    here: { available: number };
    everywhere: Stock['everywhere'];
    later: Stock['later'];
  }>('GET', `/v1/till/stock/${variantId}?${query(at(here))}`);
  const others = everywhere.filter(
    ({ locationId, available }) => locationId !== here.locationId && available > 0,
  );
  const elsewhere = others.reduce((sum, { available }) => sum + available, 0);
  return { here: own.available, elsewhere, everywhere: others, later };
}

interface Asked {
  basket: Basket;
  customer: Customer | null;
  delivery: Delivery | null;
}

const linesOf = ({ lines }: Pick<Basket, 'lines'>) =>
  lines.map(({ item, quantity }) => ({ variantId: item.variantId, quantity }));

/** What the server says that a basket costs. */
export async function fetchQuote(here: Here, { basket, customer, delivery }: Asked): Promise<Sums> {
  type Quote = Omit<Sums, 'isOwn'> & { codes: CodeState[] };
  const wish = {
    ...at(here),
    lines: linesOf(basket),
    ...(basket.codes.length > 0 && { codes: basket.codes }),
    ...(customer && { customer }),
    ...(delivery && {
      delivery: {
        deliveryCode: delivery.code,
        ...(delivery.pickup
          ? { locationId: delivery.pickup.locationId }
          : {
              countryCode: delivery.address.countryCode,
              ...(delivery.address.postcode.trim() && { postcode: delivery.address.postcode.trim() }),
            }),
      },
    }),
  };
  const quote = await ask<Quote>('POST', '/v1/till/quotes', wish, QUOTE_MS_MAX);
  return { ...quote, isOwn: false };
}

/** Whether an address or a code is a member's: a quote for anybody else is refused, whatever it is for. */
export async function isCustomer(here: Here, customer: Customer, variantId: string): Promise<boolean> {
  try {
    await ask('POST', '/v1/till/quotes', {
      ...at(here),
      customer,
      lines: [{ variantId, quantity: 1 }],
    });
    return true;
  } catch (error) {
    if (error instanceof Refused && error.code === 'till.customer_unknown') return false;
    throw error;
  }
}

interface Made extends Asked {
  tenders: readonly Tender[];
  sums: Sums;
  soldAt: string;
  /** Where the receipt goes; null where it is not wanted by mail. */
  receiptEmail: string | null;
  /** Whether the server is there to be asked. */
  isLive: boolean;
}

/** A sale as it is posted: of this moment where the server is asked, and as one that has happened where it may be. */
export function saleBodies(here: Here, made: Made): Pick<QueuedSale, 'live' | 'late'> {
  const { basket, customer, delivery, tenders, sums, soldAt, receiptEmail, isLive } = made;
  const body = {
    ...at(here),
    ...(customer && { customer }),
    ...(receiptEmail && { receiptEmail }),
    lines: linesOf(basket),
    delivery: deliveryOf(delivery),
    totalMinor: sums.totalMinor,
    payments: tenders.map(paymentOf),
  };
  const isForServer = tenders.some(({ means }) => means === 'gift_card' || means === 'store_credit');
  const works = sums.codes.filter(({ refusal }) => refusal === null).map(({ code }) => code);
  const late = {
    ...body,
    soldAt,
    ...(here.associateId && { associateId: here.associateId }),
    ...(works.length > 0 && { codes: works }),
    granted: sums.discounts.map(({ promotionId, amountMinor }) => ({ promotionId, amountMinor })),
    lines: basket.lines.map(({ item, quantity }, index) => ({
      variantId: item.variantId,
      quantity,
      agreed: {
        unitPriceMinor: (sums.lines[index]?.grossMinor ?? 0) / quantity,
        discountMinor: sums.lines[index]?.discountMinor ?? 0,
      },
    })),
  };
  return {
    live: isLive ? { ...body, ...(basket.codes.length > 0 && { codes: basket.codes }) } : null,
    late: delivery || isForServer ? null : late,
  };
}

function deliveryOf(delivery: Delivery | null) {
  if (!delivery) return { kind: 'counter' };
  const { code: deliveryCode, address, pickup } = delivery;
  if (!pickup) return { kind: 'ship', deliveryCode, address };
  const { name, email } = address;
  return { kind: 'pickup', deliveryCode, locationId: pickup.locationId, contact: { name, email } };
}

function paymentOf({ means: kind, amountMinor, tenderedMinor, reference }: Tender) {
  switch (kind) {
    case 'cash':
      return { kind, amountMinor, tenderedMinor };
    case 'card':
      return { kind, amountMinor, reference };
    case 'gift_card':
      return { kind, amountMinor, code: reference };
    case 'store_credit':
      return { kind, amountMinor };
    default:
      return kind satisfies never;
  }
}

interface SaleAnswer {
  number: string;
  receiptCode: string;
  conflicts: { variantId: string; wanted: number; available: number }[];
}

/**
 * Posts a sale. One that was made without an answer is first asked for as it was first sent, which may have come through;
 * when the server would not make it now, it is told that it has happened.
 */
export async function postSale(sale: QueuedSale): Promise<Posted> {
  const { id, live, late, isMade, titles } = sale;
  const put = async (body: object): Promise<Posted> => {
    const path = `/v1/till/sales/${id}`;
    const { number, receiptCode, conflicts } = await ask<SaleAnswer>('PUT', path, body);
    const told = conflicts.map(({ variantId, wanted, available }) => ({
      title: titles[variantId] ?? variantId,
      missing: wanted - Math.max(0, available),
    }));
    return { kind: 'posted', number, receiptCode, conflicts: told };
  };
  try {
    if (!live) return await put(late ?? {});
    return await put(live).catch((error: unknown) => {
      if (error instanceof Refused && isMade && late) return put(late);
      throw error;
    });
  } catch (error) {
    if (error instanceof Failing) return { kind: 'failing' };
    if (error instanceof Unreachable) return { kind: 'offline' };
    if (error instanceof SignedOut) return { kind: 'signed_out' };
    if (error instanceof Refused) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

export interface Way {
  code: string;
  name: string;
  kind: 'ship' | 'pickup' | 'same_day';
  amountMinor: number;
  promise: Delivery['window'];
  stores: readonly { locationId: string; name: string; city: string; readyOn: string }[];
}

/** The ways to get a basket to where its buyer is, as the server would promise them now. */
export const fetchWays = async (
  here: Here,
  { basket, customer }: Pick<Asked, 'basket' | 'customer'>,
  { countryCode, postcode }: { countryCode: string; postcode: string },
): Promise<Way[]> => {
  const { ways } = await ask<{ ways: Way[] }>('POST', '/v1/till/delivery-ways', {
    ...at(here),
    lines: linesOf(basket),
    ...(basket.codes.length > 0 && { codes: basket.codes }),
    ...(customer && { customer }),
    to: { countryCode, ...(postcode && { postcode }) },
  });
  return ways;
};

export interface Parked {
  id: string;
  note: string | null;
  lines: readonly { variantId: string; quantity: number }[];
  codes: readonly string[];
  parkedAt: string;
}

export const fetchParked = async (here: Here): Promise<Parked[]> =>
  (await ask<{ parked: Parked[] }>('GET', `/v1/till/parked?${query(at(here))}`)).parked;

export const park = (here: Here, id: string, note: string, basket: Basket): Promise<Parked> =>
  ask<Parked>('PUT', `/v1/till/parked/${id}`, {
    ...at(here),
    ...(note && { note }),
    lines: linesOf(basket),
    ...(basket.codes.length > 0 && { codes: basket.codes }),
  });

export const takeParked = (here: Here, id: string): Promise<Parked> =>
  ask<Parked>('POST', `/v1/till/parked/${id}/take`, at(here));

export const dropParked = (here: Here, id: string): Promise<void> =>
  ask('DELETE', `/v1/till/parked/${id}?${query(at(here))}`);
