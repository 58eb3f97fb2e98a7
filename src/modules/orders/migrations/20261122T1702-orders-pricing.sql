-- The codes that a buyer entered, as they are stored: in capitals.
create table orders.cart_code (
  cart_id uuid not null references orders.cart (id) on delete cascade,
  code text not null check (code ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'),
  added_at timestamptz not null default clock_timestamp(),
  primary key (cart_id, code)
);

-- Nets are without tax: what the buyer pays is goods, postage, the rest, and the tax on them.
alter table orders.order add tax_minor bigint not null default 0 check (tax_minor >= 0);
alter table orders.order add is_tax_included boolean not null default true;
alter table orders.order add gift_note text check (length(gift_note) between 1 and 500);
comment on column orders.order.gift_note is 'personal';
alter table orders.order drop constraint total_is_the_sum;
alter table orders.order add constraint total_is_the_sum
  check (total_minor = goods_minor + postage_minor + other_minor + tax_minor);
-- Serves the erasure of a member: the few orders that carry a note.
create index order_with_note on orders.order (customer_id) where gift_note is not null;

comment on column orders.order_line.unit_price_minor is 'as shown to the buyer: with tax where the order''s is_tax_included';
comment on column orders.order_line.discount_minor is 'as shown to the buyer';
comment on column orders.order_line.net_minor is 'after discount, without tax';
alter table orders.order_line add tax_minor bigint not null default 0;
alter table orders.order_line add tax_rate numeric(6, 5) not null default 0 check (tax_rate between 0 and 1);
alter table orders.order_line add check (kind not in ('goods', 'postage') or tax_minor >= 0);

-- By what an order's lines were lowered, as the buyer read it.
create table orders.order_discount (
  order_id uuid not null references orders.order (id) on delete restrict,
  position integer not null,
  promotion_id uuid not null references pricing.promotion (id) on delete restrict,
  name text not null,
  code text,
  amount_minor bigint not null check (amount_minor > 0), -- as shown to the buyer
  primary key (order_id, position)
);

-- A way of delivery ends by being no longer active; the orders that went by it keep it.
alter table orders.delivery_option add is_active boolean not null default true;
alter table orders.delivery_option add region_codes text[] not null default '{}';
comment on column orders.delivery_option.region_codes is 'where it is offered; empty: anywhere';

-- Orders that are being placed at this moment were priced without tax or discount.
update orders.checkout set draft = draft
  || '{"isTaxIncluded": true, "taxMinor": 0, "discounts": [], "giftNote": null}'
  || jsonb_build_object('lines', (
    select jsonb_agg(line || '{"discountMinor": 0, "taxMinor": 0, "taxRate": 0}' order by n)
    from jsonb_array_elements(draft -> 'lines') with ordinality as lines (line, n)));
