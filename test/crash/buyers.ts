import { randomUUID } from 'node:crypto';

export interface Answered {
  orderId: string;
  cartId: string;
  number: string;
}

/** Buys one thing after the other until the server is gone or `isEnough`, and remembers what was answered. */
export async function buy(
  url: string,
  variantId: string,
  answered: Answered[],
  isEnough: () => boolean = () => false,
): Promise<void> {
  while (!isEnough()) {
    const [cartId, orderId] = [randomUUID(), randomUUID()];
    const put = async (path: string, body?: object) => {
      const init = {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      };
      return fetch(`${url}/v1/orders/${path}`, init);
    };
    try {
      await put(`carts/${cartId}`);
      const cart = await put(`carts/${cartId}/lines/${variantId}`, { quantity: 1 });
      if (cart.status !== 200) throw new Error(`cart: ${cart.status} ${await cart.text()}`);
      const { goodsMinor } = (await cart.json()) as { goodsMinor: number };
      const ways = await fetch(`${url}/v1/orders/carts/${cartId}/delivery-options`);
      const { deliveryOptions } = (await ways.json()) as {
        deliveryOptions: { code: string; amountMinor: number }[];
      };
      const [way] = deliveryOptions;
      if (!way) throw new Error('no way to deliver');
      const placed = await put(`orders/${orderId}`, {
        cartId,
        deliveryCode: way.code,
        totalMinor: goodsMinor + way.amountMinor,
        address: {
          email: 'buyer@example.com',
          name: 'B. Uyer',
          street: 'Kade 1',
          postcode: '1013',
          city: 'Amsterdam',
          countryCode: 'NL',
        },
        touchpoint: 'web',
        paymentToken: 'approved',
      });
      if (placed.status !== 200) throw new Error(`order: ${placed.status} ${await placed.text()}`);
      const { number } = (await placed.json()) as { number: string };
      answered.push({ orderId, cartId, number });
    } catch (fault) {
      if (fault instanceof TypeError) return; // the connection broke: the server was killed
      throw fault;
    }
  }
}

/** Everything that must agree whatever moment the server died in; a row is a fault. */
export const DISAGREEMENTS = `
  select 'level and ledger differ' as fault, l.variant_id::text as what
  from inventory.stock_level l
  left join (
    select variant_id, location_id, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved
    from inventory.stock_movement group by 1, 2) m using (variant_id, location_id)
  where (l.on_hand, l.reserved) is distinct from (coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
  union all
  select 'order without its stock', o.id::text from orders.order o
  where o.source = 'stoa' and not exists (
    select from inventory.stock_movement m where m.cause_id = o.reservation_id and m.kind = 'allocate')
  union all
  select 'order whose assignments are not its stock', o.id::text from orders.order o
  where o.source = 'stoa' and exists (
    select from (
      select a.location_id, l.variant_id, sum(l.quantity) as units
      from routing.assignment a join routing.assignment_line l on l.assignment_id = a.id
      where a.order_id = o.id group by 1, 2) assigned
    full join (
      select location_id, variant_id, allocated_delta as units from inventory.stock_movement
      where cause_id = o.reservation_id and kind = 'allocate') taken using (location_id, variant_id)
    where assigned.units is distinct from taken.units)
  union all
  select 'order without its payment', o.id::text from orders.order o
  where o.source = 'stoa' and not exists (
    select from payments.payment p where p.order_id = o.id and p.state = 'captured')
  union all
  select 'order whose money is not its total', o.id::text from orders.order o
  where o.source = 'stoa' and o.total_minor <> (
    select coalesce(sum(p.authorized_minor - p.voided_minor - p.refunded_minor), 0)
    from payments.payment p where p.order_id = o.id)
  union all
  select 'payment that the provider knows otherwise', p.id::text
  from payments.payment p join payments.test_payment b on b.payment_id = p.id
  where p.state <> 'pending' and b.captured_minor - b.refunded_minor <> p.captured_minor - p.refunded_minor
    and not exists (select from payments.operation o where o.payment_id = p.id and o.state = 'pending')
  union all
  select 'order without its event', o.id::text from orders.order o
  where o.source = 'stoa' and (
    select count(*) from platform.event e
    where e.name = 'orders.order_placed.v1' and e.payload ->> 'orderId' = o.id::text) <> 1`;

/** What follows from the events of orders and is not there yet, or is there twice: nothing, once all have been told. */
export const UNTOLD = `
  select 'event that nobody was told of' as fault, event_id::text as what from platform.due_event
  union all
  select 'order whose parts are not its assignments', o.id::text from orders.order o
  where o.source = 'stoa' and (select count(*) from fulfilment.fulfilment_order f where f.order_id = o.id)
    <> (select count(*) from routing.assignment a where a.order_id = o.id)
  union all
  select 'product whose units were counted otherwise', p.product_id::text
  from (select product_id, sum(quantity) as units from orders.order_line join orders.order o on o.id = order_id
    where o.source = 'stoa' and product_id is not null group by 1) p
  left join catalog.popularity k using (product_id)
  where k.units_sold is distinct from p.units
  union all
  select 'order that is not asked about once', o.id::text from orders.order o
  where o.source = 'stoa' and (select count(*) from satisfaction.question q where q.order_id = o.id) <> 1
  union all
  select 'order without its receipt', o.id::text from orders.order o
  where o.source = 'stoa' and not exists (select from orders.receipt r where r.order_id = o.id)`;
