import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Viewer } from '#platform/access.ts';
import { daysBetween } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { SETTINGS_VERSION } from '#platform/settings.ts';
import { type SellableVariant, soldSomewhere } from '../catalog/index.ts';
import { type Availability, comesOn, dayOf, type Later } from '../inventory/index.ts';
import type { Basket, CodeState, Discount, Facts } from '../pricing/index.ts';
import type { WantedLine } from '../routing/index.ts';
import { ordersErrors } from './errors.ts';
import { enteredCodes, heldLines, isBeingOrdered, isHeldBy, lockOpenCart } from './held-cart.ts';
import { own } from './own.ts';
import { type CartVariants, type PricedVariant, pricedVariants, variantsIn } from './priced-variants.ts';
import { basketOf, factsFor, placesOf, type PricedAt, quoteOf, type StoredCart } from './quote.ts';

/** A cart's row with what it holds. */
type FilledCart = StoredCart & { lines: readonly WantedLine[] };

export const QUANTITY_MAX = 99;
export const LINES_MAX = 100;

export interface CartLine {
  variantId: string;
  quantity: number;
  /** Null for a thing that is no longer sold: it can't be ordered, only removed. */
  variant: PricedVariant | null;
  /** A thing that is sold, but not in the cart's currency where it goes. */
  unpriced?: SellableVariant;
  netMinor: number;
  /** Free units over all locations. */
  available: number;
  /** Of the units beyond them, where they may wait for goods: how, and from when they are sent. */
  waits?: { kind: Later['kind']; units: number; on: string; inDays: number };
}

/** A line's units that are not free now; undefined where they may not wait. */
function waitsOf(quantity: number, { available, later }: Availability, now: Date): CartLine['waits'] {
  const units = quantity - available;
  if (units <= 0 || !later || later.units < units) return undefined;
  const on = comesOn(later, units);
  return { kind: later.kind, units, on, inDays: daysBetween(dayOf(now), on) };
}

export interface Cart {
  id: string;
  currency: string;
  lines: CartLine[];
  units: number;
  /** What the goods cost as they are shown, before any discount. */
  goodsMinor: number;
  codes: CodeState[];
  discounts: Discount[];
  isTaxIncluded: boolean;
  /** Null while nobody knows where it goes. */
  taxMinor: number | null;
  /** Without delivery. */
  totalMinor: number;
  /** All that its price depends on, to price it again with a way of delivery. */
  pricing: { basket: Basket; facts: Facts };
  /** Where its goods lie, if that was asked for. */
  stock?: Map<string, Availability>;
}

/**
 * The viewer's open cart, if there is one. `knownId` is the id that the browser remembers. A guest's cart that a
 * member brings along is poured into the member's own: quantities are added, and the guest's is gone.
 */
export async function cartFor(
  tx: Tx,
  viewer: Viewer,
  knownId: string | undefined,
): Promise<string | undefined> {
  const { memberId } = viewer;
  if (memberId === undefined) {
    const cart = knownId && (await openGuestCart(tx, knownId).executeTakeFirst());
    return cart ? cart.id : undefined;
  }
  if (knownId) await pourIntoMembers(tx, memberId, knownId);
  return openCartOfMember(tx, memberId);
}

/** The viewer's open cart, made if there is none. `newId` must be random for a guest: who knows it holds the cart. */
export async function openCart(
  tx: Tx,
  viewer: Viewer,
  knownId: string | undefined,
  currency: string,
  newId: string = randomUUID(),
): Promise<string> {
  const known = await cartFor(tx, viewer, knownId);
  if (known !== undefined) return known;
  if (viewer.memberId !== undefined) return ensureCartOfMember(tx, viewer.memberId, currency, newId);
  const made = await own(tx)
    .insertInto('orders.cart')
    .values({ id: newId, currency })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return newId;
  const cart = await openGuestCart(tx, newId).executeTakeFirst();
  if (!cart) throw ordersErrors.cart_not_found({ cartId: newId });
  return cart.id;
}

/** Prices the cart in another currency from now on. What has no price in it stays, and says so. */
export async function priceCartIn(tx: Tx, viewer: Viewer, cartId: string, currency: string): Promise<void> {
  const cart = await lockOpenCart(tx, viewer, cartId);
  if (cart.currency === currency) return;
  await own(tx).updateTable('orders.cart').set({ currency }).where('id', '=', cartId).execute();
}

/** Adds to what the cart holds of a variant already. Answers the line's quantity, 99 at most. */
export async function addLine(
  tx: Tx,
  viewer: Viewer,
  cartId: string,
  line: WantedLine,
  now: Date,
): Promise<number> {
  const [quantity] = await addLines(tx, viewer, cartId, [line], now);
  assert(quantity !== undefined);
  return quantity;
}

/** The same of several at once: all of them or none. Each variant is named once. */
export async function addLines(
  tx: Tx,
  viewer: Viewer,
  cartId: string,
  lines: readonly WantedLine[],
  now: Date,
): Promise<number[]> {
  const cart = await lockOpenCart(tx, viewer, cartId);
  return writeLines(tx, cart, lines, now, 'add');
}

export async function setQuantity(
  tx: Tx,
  viewer: Viewer,
  cartId: string,
  line: WantedLine,
  now: Date,
): Promise<number> {
  const cart = await lockOpenCart(tx, viewer, cartId);
  const [quantity] = await writeLines(tx, cart, [line], now, 'set');
  assert(quantity !== undefined);
  return quantity;
}

/** What a cart that was just written holds, so that nobody has to read it again. */
interface WrittenCart {
  cart: FilledCart;
  variants: CartVariants;
  settingsVersion: string;
}

/** The cart that `openCart` opens, with so much of these variants in it; what else it holds stays. */
export async function openFilledCart(
  tx: Tx,
  viewer: Viewer,
  id: string,
  currency: string,
  lines: readonly WantedLine[],
  now: Date,
): Promise<string> {
  const cartId = await openCart(tx, viewer, id, currency, id);
  if (lines.length > 0)
    await writeLines(tx, await lockOpenCart(tx, viewer, cartId), lastOfEach(lines), now, 'set');
  return cartId;
}

/** Of a variant named twice the last counts. */
const lastOfEach = (lines: readonly WantedLine[]): WantedLine[] => [
  ...new Map(lines.map((line) => [line.variantId, line])).values(),
];

/**
 * A guest's new cart with its lines, in one statement of its own; undefined where there is one of this id, or nothing to
 * put into it.
 */
export async function newGuestCart(
  db: Db,
  viewer: Viewer,
  id: string,
  currency: string,
  wanted: readonly WantedLine[],
  now: Date,
  places: readonly string[] = [],
): Promise<WrittenCart | undefined> {
  if (viewer.memberId !== undefined || wanted.length === 0) return undefined;
  const lines = lastOfEach(wanted);
  const variantIds = lines.map(({ variantId }) => variantId);
  const variants = await variantsIn(db, variantIds, currency, now, places);
  await refuseUnsold(db, variantIds, variants.priced, currency, now);
  const { rows } = await sql<Pick<WrittenCart, 'settingsVersion'>>`
    with made as (
      insert into orders.cart (id, currency) values (${id}, ${currency}) on conflict do nothing returning id
    ), filled as (
      insert into orders.cart_line (cart_id, variant_id, quantity)
      select id, variant_id, least(${QUANTITY_MAX}, quantity)
      from made, unnest(${variantIds}::uuid[], ${lines.map(({ quantity }) => quantity)}::integer[]) as line (variant_id, quantity)
    )
    select ${SETTINGS_VERSION} as "settingsVersion" from made`.execute(db);
  const [made] = rows;
  return made && { cart: { id, currency, memberId: null, codes: [], lines }, variants, ...made };
}

/** What is sold somewhere may lie in a cart: whether it is where the cart goes, its line says once that is known. */
async function refuseUnsold(
  db: Db,
  variantIds: readonly string[],
  priced: ReadonlyMap<string, PricedVariant>,
  currency: string,
  now: Date,
): Promise<void> {
  const others = variantIds.filter((variantId) => !priced.has(variantId));
  if (others.length === 0) return;
  const sold = await soldSomewhere(db, others, currency, now);
  const unsold = others.find((variantId) => !sold.has(variantId));
  if (unsold !== undefined) throw ordersErrors.not_sold({ variantId: unsold });
}

/** Removing what is not there is a retry. */
export async function removeLine(tx: Tx, viewer: Viewer, cartId: string, variantId: string): Promise<void> {
  await lockOpenCart(tx, viewer, cartId);
  await own(tx)
    .deleteFrom('orders.cart_line')
    .where('cart_id', '=', cartId)
    .where('variant_id', '=', variantId)
    .execute();
}

/** The cart with the prices and the stock of this moment, for somebody who is there. */
export async function cartOf(
  db: Db,
  viewer: Viewer,
  cartId: string,
  now: Date,
  at?: PricedAt,
): Promise<Cart> {
  const cart = await own(db)
    .selectFrom('orders.cart')
    .select(['id', 'currency', 'member_id as memberId', 'ordered_at as orderedAt'])
    .select([enteredCodes, heldLines])
    .where('id', '=', cartId)
    .executeTakeFirst();
  if (!cart || cart.orderedAt || !isHeldBy(viewer, cart.memberId))
    throw ordersErrors.cart_not_found({ cartId });
  return pricedCart(db, cart, now, await placesOf(db, at));
}

export async function pricedCart(
  db: Db,
  cart: FilledCart,
  now: Date,
  places: readonly string[],
  variants?: WrittenCart['variants'],
): Promise<Cart> {
  const variantIds = cart.lines.map(({ variantId }) => variantId);
  const { priced, unpriced, stock } =
    variants ?? (await variantsIn(db, variantIds, cart.currency, now, places));
  const lines = cart.lines.map(({ variantId, quantity }): CartLine => {
    const variant = priced.get(variantId) ?? null;
    const other = unpriced.get(variantId);
    const found = stock.get(variantId) ?? { available: 0, locations: [], later: null };
    const waits = waitsOf(quantity, found, now);
    const netMinor = quantity * (variant?.amountMinor ?? 0);
    const line = { variantId, quantity, variant, netMinor, available: found.available };
    return { ...line, ...(other && { unpriced: other }), ...(waits && { waits }) };
  });
  return { ...cartWith(cart, lines, places, await factsFor(db, cart, places, now)), stock };
}

/** A cart of these lines, with all that its price depends on. */
export function cartWith(cart: StoredCart, lines: CartLine[], places: readonly string[], facts: Facts): Cart {
  const pricing = { basket: basketOf(cart, lines, places), facts };
  const { codes, discounts, isTaxIncluded, taxMinor, totalMinor } = quoteOf({ pricing }, undefined);
  return {
    id: cart.id,
    currency: cart.currency,
    lines,
    units: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    goodsMinor: lines.reduce((sum, { netMinor }) => sum + netMinor, 0),
    codes,
    discounts,
    isTaxIncluded,
    taxMinor: places.length === 0 ? null : taxMinor,
    totalMinor,
    pricing,
  };
}

/** Into a cart that is locked. Answers the quantities as they stand then, in the order of the lines. */
async function writeLines(
  tx: Tx,
  { id: cartId, currency }: Pick<StoredCart, 'id' | 'currency'>,
  lines: readonly WantedLine[],
  now: Date,
  how: 'add' | 'set',
): Promise<number[]> {
  const variantIds = lines.map(({ variantId }) => variantId);
  const priced = await pricedVariants(tx, variantIds, currency, now, []);
  await refuseUnsold(tx, variantIds, priced, currency, now);
  const { rows } = await sql<{ quantities: Record<string, number>; count: number }>`
    with written as (
      insert into orders.cart_line (cart_id, variant_id, quantity)
      select ${cartId}, variant_id, least(${QUANTITY_MAX}, quantity)
      from unnest(${variantIds}::uuid[], ${lines.map(({ quantity }) => quantity)}::integer[]) as line (variant_id, quantity)
      on conflict (cart_id, variant_id) do update set quantity = ${
        how === 'set'
          ? sql`excluded.quantity`
          : sql`least(${QUANTITY_MAX}, cart_line.quantity + excluded.quantity)`
      }
      returning variant_id, quantity
    ), touched as (update orders.cart set updated_at = ${now} where id = ${cartId})
    select jsonb_object_agg(variant_id, quantity) as quantities, count(*) + (
      select count(*) from orders.cart_line
      where cart_id = ${cartId} and variant_id <> all(${variantIds}::uuid[])) as count
    from written`.execute(tx);
  const [written] = rows;
  assert(written);
  if (written.count > LINES_MAX) throw ordersErrors.cart_full({ cartId });
  return variantIds.map((variantId) => written.quantities[variantId] ?? 0);
}

const openGuestCart = (tx: Tx, cartId: string) =>
  own(tx)
    .selectFrom('orders.cart')
    .select(['id', 'currency'])
    .where('id', '=', cartId)
    .where('member_id', 'is', null)
    .where('ordered_at', 'is', null);

async function openCartOfMember(tx: Tx, memberId: string): Promise<string | undefined> {
  const cart = await own(tx)
    .selectFrom('orders.cart')
    .select('id')
    .where('member_id', '=', memberId)
    .where('ordered_at', 'is', null)
    .executeTakeFirst();
  return cart?.id;
}

async function ensureCartOfMember(
  tx: Tx,
  memberId: string,
  currency: string,
  newId: string,
): Promise<string> {
  const made = await own(tx)
    .insertInto('orders.cart')
    .values({ id: newId, member_id: memberId, currency })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  const id = made?.id ?? (await openCartOfMember(tx, memberId));
  if (id === undefined) throw ordersErrors.cart_not_found({ cartId: newId });
  return id;
}

/** Locks the guest's cart before the member's. One that is being ordered at this moment waits for the next time. */
async function pourIntoMembers(tx: Tx, memberId: string, guestCartId: string): Promise<void> {
  const guests = await openGuestCart(tx, guestCartId).forUpdate().executeTakeFirst();
  if (!guests || (await isBeingOrdered(tx, guests.id))) return;
  const membersId = await ensureCartOfMember(tx, memberId, guests.currency, randomUUID());
  const members = await own(tx)
    .selectFrom('orders.cart')
    .select('id')
    .where('id', '=', membersId)
    .where('ordered_at', 'is', null) // it may have been ordered while we waited for it
    .forUpdate()
    .executeTakeFirst();
  if (!members || (await isBeingOrdered(tx, members.id))) return;
  await sql`
    insert into orders.cart_line (cart_id, variant_id, quantity, added_at)
    select ${membersId}, variant_id, quantity, added_at from orders.cart_line where cart_id = ${guests.id}
    on conflict (cart_id, variant_id)
      do update set quantity = least(${QUANTITY_MAX}, cart_line.quantity + excluded.quantity)`.execute(tx);
  await sql`
    insert into orders.cart_code (cart_id, code, added_at)
    select ${membersId}, code, added_at from orders.cart_code where cart_id = ${guests.id}
    on conflict do nothing`.execute(tx);
  // What the buyer saw last: they chose it on this device.
  await own(tx)
    .updateTable('orders.cart')
    .set({ currency: guests.currency })
    .where('id', '=', membersId)
    .execute();
  await own(tx).deleteFrom('orders.cart').where('id', '=', guests.id).execute();
}
