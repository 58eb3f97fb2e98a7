import type { CodeState, Discount, Facts } from '#modules/pricing/index.ts';
import { type Basket, EMPTY, type Place, priceOf } from './basket.ts';
import type { Catalogue } from './catalogue.ts';
import type { Kept } from './kept.ts';
import type { QueuedSale } from './queued-sale.ts';
import { makeStore, type Store } from './store.ts';
import type { Tender } from './tender.ts';

/** Where this till stands, and by what it prices: kept, so that it sells on without a connection. */
export interface Here extends Place {
  registerId: string;
  registerName: string;
  locationId: string;
  storeName: string;
  facts: Facts;
  countryCode: string;
  /** Without an open shift nothing may be sold. */
  hasShift: boolean;
  /** Where no real money is taken: a terminal that approves everything. */
  hasTestTerminal: boolean;
  /** Who was signed in when it was asked. */
  associateId: string | null;
  asOf: string;
}

/** A member, by the address that they gave at the counter or the code that they showed. */
export type Customer = { email: string } | { code: string };

/** How a basket gets to a customer that does not carry it away. */
export interface Delivery {
  code: string;
  name: string;
  window: { promisedFrom: string; promisedTo: string } | null;
  address: Address;
  /** Where it is collected, by the store's name; null: it is sent. */
  pickup: { locationId: string; name: string } | null;
}

export interface Address {
  email: string;
  name: string;
  street: string;
  postcode: string;
  city: string;
  countryCode: string;
}

/** What the basket costs, as the customer is shown it. */
export interface Sums {
  lines: readonly { grossMinor: number; discountMinor: number }[];
  discounts: readonly Pick<Discount, 'promotionId' | 'name' | 'amountMinor'>[];
  codes: readonly CodeState[];
  isTaxIncluded: boolean;
  taxMinor: number;
  postageMinor: number;
  totalMinor: number;
  /** Whether the server said so, or this browser reckoned it. */
  isOwn: boolean;
}

export interface Stock {
  here: number;
  elsewhere: number;
  everywhere: readonly { locationId: string; name: string; city: string; available: number }[];
  /** What may be ordered before it is anywhere. */
  later: { kind: 'back_order' | 'pre_order'; units: number; on: string } | null;
}

export type Told = { kind: 'good' | 'bad'; text: string };

export type DialogName = 'pay' | 'park' | 'parked' | 'help' | 'camera' | 'deliver' | 'told';

/** A sale that was just made, for its receipt. */
export interface Done {
  id: string;
  basket: Basket;
  sums: Sums;
  tenders: readonly Tender[];
  soldAt: string;
}

export interface State {
  here: Here | null;
  basket: Basket;
  customer: Customer | null;
  delivery: Delivery | null;
  tenders: readonly Tender[];
  /** Where the receipt goes; null where it is not wanted by mail. */
  receiptEmail: string | null;
  sums: Sums | null;
  /** Of each variant in the basket, what the server last said could be sold here and elsewhere. */
  stock: ReadonlyMap<string, Stock>;
  connection: 'online' | 'offline' | 'signed_out';
  sales: readonly QueuedSale[];
  told: Told | null;
  dialog: DialogName | { elsewhere: string } | null;
  /** What was typed into dialogs that are not done with, by field. */
  drafts: Readonly<Record<string, string>>;
  done: Done | null;
  hasUpdate: boolean;
  keepsPage: boolean;
}

export interface Till {
  store: Store<State>;
  kept: Kept;
  catalogue: Catalogue;
}

export const FIRST: State = {
  here: null,
  basket: EMPTY,
  customer: null,
  delivery: null,
  tenders: [],
  receiptEmail: null,
  sums: null,
  stock: new Map(),
  connection: 'online',
  sales: [],
  told: null,
  dialog: null,
  drafts: {},
  done: null,
  hasUpdate: false,
  keepsPage: true,
};

export const makeTill = (kept: Kept, catalogue: Catalogue): Till => ({
  store: makeStore(FIRST),
  kept,
  catalogue,
});

/** Says it on the screen and to a screen reader; the same words twice are said twice. */
export const tell = ({ store }: Pick<Till, 'store'>, kind: Told['kind'], text: string): void =>
  store.set({ told: { kind, text } });

/** What the basket costs by this browser's own reckoning: at once, and without a connection. */
export function ownSums(basket: Basket, here: Here): Sums {
  const priced = priceOf(basket, here.facts, here);
  return { ...priced, postageMinor: 0, isOwn: true };
}

export const waitingOf = ({ sales }: Pick<State, 'sales'>): number =>
  sales.filter(({ state }) => state === 'waiting').length;

export const unseenOf = ({ sales }: Pick<State, 'sales'>): QueuedSale[] =>
  sales.filter(({ isSeen }) => !isSeen);
