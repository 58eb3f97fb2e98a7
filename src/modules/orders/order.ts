import { sql } from 'kysely';
import { mayReadPersonal, type Viewer } from '#platform/access.ts';
import type { Config } from '#platform/config.ts';
import type { Db } from '#platform/db.ts';
import { mailedLink } from '#platform/mailed-links.ts';
import { knownCustomerOf } from '../identity/index.ts';
import { type Assignment, assignmentFacts } from '../routing/index.ts';
import { moneyFacts, orderMoney, type OrderMoney } from '../payments/index.ts';
import type { Discount } from '../pricing/index.ts';
import { ordersErrors } from './errors.ts';
import { own } from './own.ts';
import type { DB, OrdersLineKind } from './tables.ts';

export interface OrderLine {
  id: string;
  kind: OrdersLineKind;
  productId: string | null;
  variantId: string | null;
  title: string;
  options: string;
  quantity: number;
  unitPriceMinor: number;
  /** As shown to the buyer, as is the unit price. */
  discountMinor: number;
  /** Without tax. */
  netMinor: number;
  cancelledQuantity: number;
  taxMinor: number;
  taxRate: number;
}

/** What a line cost as its buyer saw it, before the discounts that the order names. */
export function shownOf(
  { isTaxIncluded, discounts }: Pick<Order, 'isTaxIncluded' | 'discounts'>,
  { netMinor, taxMinor, discountMinor }: OrderLine,
): number {
  const paid = netMinor + (isTaxIncluded ? taxMinor : 0);
  return discounts.length > 0 ? paid + discountMinor : paid;
}

export interface OrderSummary {
  id: string;
  number: string;
  state: DB['orders.order']['state'];
  touchpoint: string;
  currency: string;
  regionCode: string;
  placedAt: Date;
  goodsMinor: number;
  postageMinor: number;
  otherMinor: number;
  taxMinor: number;
  isTaxIncluded: boolean;
  totalMinor: number;
  promisedFrom: string | null;
  promisedTo: string | null;
}

export interface OrderAddress {
  email: string;
  name: string;
  street: string;
  postcode: string;
  city: string;
  countryCode: string;
  phone: string;
}

export interface Order extends OrderSummary, OrderMoney {
  /** What is neither paid nor let go; below zero what is on its way back to the buyer. */
  outstandingMinor: number;
  cancellationIds: string[];
  deliveryCode: string | null;
  /** In which its stock was held; null for an order of the past. */
  reservationId: string | null;
  /** Where it is collected; null: it goes to the buyer's door. */
  pickupLocationId: string | null;
  /** Null for an order of the past. */
  address: OrderAddress | null;
  giftNote: string | null;
  discounts: Discount[];
  lines: OrderLine[];
  /** Which location sends what, and when; none for an order of the past. */
  assignments: Assignment[];
  /** Of an order in place of goods that come back: it is kept until `releasedAt`. */
  inExchange: InExchange | null;
}

interface InExchange {
  requestId: string;
  ofOrderId: string;
  releasedAt: Date | null;
  /** By so many days its promise moved. */
  waitedDays: number;
}

/**
 * An order, for who may see it: the member who placed it, staff, or a guest who knows the cart it came from,
 * which their browser and the link in their receipt do. To anybody else it does not exist. Staff whose role does not
 * serve buyers see it without the person.
 */
export async function orderOf(db: Db, viewer: Viewer, orderId: string, cartId?: string): Promise<Order> {
  const found = await holderOf(db, orderId);
  if (!found || !(await maySee(db, viewer, found, cartId))) throw ordersErrors.order_not_found({ orderId });
  const order = await readOrder(db, orderId);
  const isForStaff = viewer.staffRoles.length > 0 && !(await isBuyers(db, viewer, found, cartId));
  return isForStaff && !mayReadPersonal(viewer) ? { ...order, address: null, giftNote: null } : order;
}

/** True for whoever bought it, and not for staff who may see it. */
export async function isBuyer(db: Db, viewer: Viewer, orderId: string, cartId?: string): Promise<boolean> {
  const found = await holderOf(db, orderId);
  return found !== undefined && isBuyers(db, viewer, found, cartId);
}

async function holderOf(db: Db, orderId: string) {
  return own(db)
    .selectFrom('orders.order as order')
    .leftJoin('orders.cart as cart', 'cart.id', 'order.cart_id')
    .select(['order.customer_id as customerId', 'cart.id as cartId', 'cart.member_id as memberId'])
    .where('order.id', '=', orderId)
    .executeTakeFirst();
}

/** What an order was made from; undefined for one that came from no cart. It proves a guest's order to be theirs. */
export const cartOfOrder = async (db: Db, orderId: string): Promise<string | undefined> =>
  (await holderOf(db, orderId))?.cartId ?? undefined;

interface Holder {
  customerId: string | null;
  cartId: string | null;
  memberId: string | null;
}

const maySee = async (db: Db, viewer: Viewer, order: Holder, cartId: string | undefined): Promise<boolean> =>
  viewer.staffRoles.length > 0 ||
  viewer.scopes.includes('orders:read') ||
  (await isBuyers(db, viewer, order, cartId));

async function isBuyers(db: Db, viewer: Viewer, order: Holder, cartId: string | undefined): Promise<boolean> {
  const isGuests = order.cartId !== null && order.memberId === null;
  if (isGuests && order.cartId === cartId) return true;
  if (viewer.memberId === undefined || order.customerId === null) return false;
  return (await knownCustomerOf(db, viewer.memberId)) === order.customerId;
}

export interface OrderPage {
  orders: OrderSummary[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

export interface Paging {
  limit: number;
  cursor?: string;
}

/** The member's orders, the newest first. */
export async function ordersOfMember(db: Db, memberId: string, paging: Paging): Promise<OrderPage> {
  const customerId = await knownCustomerOf(db, memberId);
  if (customerId === undefined) return { orders: [], cursor: null };
  return page(summaries(db).where('customer_id', '=', customerId), paging);
}

/** Everybody's orders, the newest first: for staff. */
export const ordersOfAll = (db: Db, paging: Paging): Promise<OrderPage> => page(summaries(db), paging);

export const summaries = (db: Db) =>
  own(db)
    .selectFrom('orders.order')
    .select([
      'id',
      'number',
      'state',
      'touchpoint',
      'currency',
      'region_code as regionCode',
      'placed_at as placedAt',
      'goods_minor as goodsMinor',
      'postage_minor as postageMinor',
      'other_minor as otherMinor',
      'tax_minor as taxMinor',
      'is_tax_included as isTaxIncluded',
      'total_minor as totalMinor',
      'promised_from as promisedFrom',
      'promised_to as promisedTo',
    ]);

async function page(query: ReturnType<typeof summaries>, { limit, cursor }: Paging): Promise<OrderPage> {
  const [after, afterId] = cursor?.split('_') ?? [];
  let rows = query
    .orderBy('placed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (after !== undefined && afterId !== undefined) {
    const at = new Date(Number(after));
    rows = rows.where((eb) => eb(eb.refTuple('placed_at', 'id'), '<', eb.tuple(at, afterId)));
  }
  const found = await rows.execute();
  const orders = found.slice(0, limit);
  const last = orders.at(-1);
  return { orders, cursor: found.length > limit && last ? `${last.placedAt.getTime()}_${last.id}` : null };
}

/** The order with its lines and address, whoever asks: callers decide who may. One statement, so of one moment. */
export async function readOrder(db: Db, orderId: string): Promise<Order> {
  const id = sql`"order".id`;
  const {
    money: facts,
    exchange,
    ...order
  } = await summaries(db)
    .select([
      'delivery_code as deliveryCode',
      'pickup_location_id as pickupLocationId',
      'reservation_id as reservationId',
      'gift_note as giftNote',
      LINES.as('lines'),
      ADDRESS.as('address'),
      DISCOUNTS.as('discounts'),
      sql<
        string[]
      >`array(select id from orders.cancellation where order_id = ${id} order by cancelled_at)`.as(
        'cancellationIds',
      ),
      EXCHANGE.as('exchange'),
      moneyFacts(id).as('money'),
      assignmentFacts(id).as('assignments'),
    ])
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow();
  const money = orderMoney(facts);
  const owed =
    order.totalMinor - money.reducedMinor - money.capturedMinor + money.refundedMinor + money.creditedMinor;
  const releasedAt = exchange?.releasedAt;
  return {
    ...order,
    ...money,
    // An order of the past was paid elsewhere.
    outstandingMinor: money.payments.length === 0 ? 0 : owed,
    inExchange: exchange && { ...exchange, releasedAt: releasedAt ? new Date(releasedAt) : null },
  };
}

const LINES = sql<OrderLine[]>`(
  select coalesce(json_agg(json_build_object('id', line.id, 'kind', kind, 'productId', product_id, 'variantId', variant_id,
    'title', title, 'options', options, 'quantity', quantity, 'unitPriceMinor', unit_price_minor,
    'discountMinor', discount_minor, 'netMinor', net_minor, 'taxMinor', tax_minor, 'taxRate', tax_rate,
    'cancelledQuantity', (
      select coalesce(sum(quantity), 0) from orders.cancellation_line where order_line_id = line.id))
    order by position), '[]')
  from orders.order_line as line where line.order_id = "order".id)`;

const ADDRESS = sql<OrderAddress | null>`(
  select json_build_object('email', email, 'name', name, 'street', street, 'postcode', postcode, 'city', city,
    'countryCode', country_code, 'phone', phone)
  from orders.order_address where order_id = "order".id)`;

const DISCOUNTS = sql<Discount[]>`(
  select coalesce(json_agg(json_build_object('promotionId', promotion_id, 'name', name, 'code', code,
    'amountMinor', amount_minor) order by position), '[]')
  from orders.order_discount where order_id = "order".id)`;

const EXCHANGE = sql<(Omit<InExchange, 'releasedAt'> & { releasedAt: string | null }) | null>`(
  select json_build_object('requestId', request_id, 'ofOrderId', request.order_id, 'releasedAt', released_at,
    'waitedDays', waited_days)
  from orders.exchange join orders.return_request as request on request.id = request_id
  where exchange.order_id = "order".id)`;

/** A guest sees the order again by the cart it came from; a member signs in. */
export async function guestCartOf(db: Db, orderId: string): Promise<string | null> {
  const cart = await own(db)
    .selectFrom('orders.order as order')
    .innerJoin('orders.cart as cart', 'cart.id', 'order.cart_id')
    .select('cart.id')
    .where('order.id', '=', orderId)
    .where('cart.member_id', 'is', null)
    .executeTakeFirst();
  return cart?.id ?? null;
}

/** The order's page, for a mail to its buyer. */
export async function orderLinkInMail(
  db: Db,
  config: Pick<Config, 'publicUrl' | 'secret'>,
  orderId: string,
): Promise<string> {
  const holder = await holderOf(db, orderId);
  const isGuests = holder?.cartId && holder.memberId === null;
  const link = `${config.publicUrl}/orders/${orderId}${isGuests ? `?cart=${holder.cartId}` : ''}`;
  return holder?.customerId ? mailedLink(config, link, { kind: 'customer', id: holder.customerId }) : link;
}
