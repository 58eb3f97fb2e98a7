create schema orders;
create type orders.order_state as enum ('placed', 'paid', 'cancelled');
create type orders.payment_state as enum ('pending', 'authorized', 'captured', 'failed', 'cancelled');
-- What a line is: goods are sold; the rest is money beside them.
create type orders.line_kind as enum ('goods', 'postage', 'discount', 'fee', 'voucher', 'adjustment');

create table orders.cart (
  id uuid primary key, -- random: who knows it holds it, so a guest's cart needs no account
  member_id uuid references identity.member (id) on delete cascade,
  currency platform.currency not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ordered_at timestamptz -- set once; an ordered cart takes no more lines
);
-- A member has one open cart on all devices.
create unique index cart_open_of_member on orders.cart (member_id) where ordered_at is null;

create table orders.cart_line (
  cart_id uuid not null references orders.cart (id) on delete cascade,
  variant_id uuid not null references catalog.variant (id) on delete restrict,
  quantity integer not null check (quantity between 1 and 99),
  added_at timestamptz not null default clock_timestamp(), -- a cart shows its lines in the order they came
  primary key (cart_id, variant_id)
);

-- Ways to get an order home: what it costs and what it promises.
create table orders.delivery_option (
  code text primary key check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  days_min integer not null check (days_min >= 0),
  days_max integer not null check (days_max >= days_min),
  position integer not null default 0
);
create table orders.delivery_rate (
  delivery_code text references orders.delivery_option (code) on delete cascade,
  currency platform.currency,
  amount_minor bigint not null check (amount_minor >= 0),
  free_from_minor bigint check (free_from_minor > 0),
  primary key (delivery_code, currency)
);
insert into orders.delivery_option (code, name, days_min, days_max, position) values
  ('standard', 'Standard', 2, 4, 1),
  ('express', 'Express', 1, 1, 2);
insert into orders.delivery_rate (delivery_code, currency, amount_minor, free_from_minor) values
  ('standard', 'EUR', 495, 7500),
  ('standard', 'GBP', 425, 6500),
  ('standard', 'USD', 595, 8500),
  ('standard', 'CHF', 590, 9000),
  ('standard', 'SEK', 5900, 79900),
  ('standard', 'NOK', 6900, 89900),
  ('standard', 'DKK', 3900, 54900),
  ('standard', 'PLN', 1990, 29900),
  ('standard', 'CZK', 11900, 179900),
  ('standard', 'CAD', 795, 11500),
  ('standard', 'AUD', 895, 12500),
  ('standard', 'JPY', 800, 12000),
  ('express', 'EUR', 1295, null),
  ('express', 'GBP', 1095, null),
  ('express', 'USD', 1495, null),
  ('express', 'CHF', 1490, null),
  ('express', 'SEK', 14900, null),
  ('express', 'NOK', 16900, null),
  ('express', 'DKK', 9900, null),
  ('express', 'PLN', 4990, null),
  ('express', 'CZK', 29900, null),
  ('express', 'CAD', 1995, null),
  ('express', 'AUD', 2195, null),
  ('express', 'JPY', 2000, null);

create table orders.order (
  id uuid primary key, -- made by the caller, so that a retry is the same order
  number text not null, -- what people say on the telephone; never a key to anything
  customer_id uuid references identity.customer (id) on delete restrict, -- null when nobody was named
  cart_id uuid unique references orders.cart (id) on delete restrict,
  state orders.order_state not null,
  touchpoint platform.touchpoint not null,
  currency platform.currency not null,
  region_code text not null references market.region (code) on delete restrict, -- where the customer is
  placed_at timestamptz not null,
  business_day date not null, -- the day it counts for, in the retailer's time zone
  delivery_code text references orders.delivery_option (code) on delete restrict,
  promised_from date,
  promised_to date,
  reservation_id uuid,
  -- lines: Σ net of goods and discount; total = goods + postage + fees + vouchers + adjustments
  goods_minor bigint not null,
  postage_minor bigint not null,
  other_minor bigint not null,
  total_minor bigint not null,
  source text not null default 'stoa',
  external_ref text,
  unique (source, external_ref),
  unique (source, number), -- two retailers' files may both know an order 536365
  constraint total_is_the_sum check (total_minor = goods_minor + postage_minor + other_minor)
);
create index order_of_customer on orders.order (customer_id, placed_at desc);
create index order_by_time on orders.order (placed_at desc);

create table orders.order_line (
  id uuid primary key,
  order_id uuid not null references orders.order (id) on delete restrict,
  position integer not null,
  kind orders.line_kind not null,
  product_id uuid,
  variant_id uuid references catalog.variant (id) on delete restrict,
  title text not null, -- as it was called when it was sold
  options text not null default '',
  quantity integer not null,
  unit_price_minor bigint not null,
  discount_minor bigint not null default 0,
  net_minor bigint not null,
  location_id uuid references inventory.location (id) on delete restrict,
  check ((kind = 'goods') = (variant_id is not null))
);
create index line_of_order on orders.order_line (order_id);

-- Where and to whom it goes. The only place in this module that knows a person.
create table orders.order_address (
  order_id uuid primary key references orders.order (id) on delete restrict,
  email text not null,
  name text not null,
  street text not null,
  postcode text not null,
  city text not null,
  country_code text not null check (country_code ~ '^[A-Z]{2}$'),
  phone text not null default ''
);
comment on column orders.order_address.email is 'personal';
comment on column orders.order_address.name is 'personal';
comment on column orders.order_address.street is 'personal';
comment on column orders.order_address.postcode is 'personal';
comment on column orders.order_address.city is 'personal';
comment on column orders.order_address.phone is 'personal';

-- Asking a provider for the money of an order. Written before the provider is asked, hence before the order
-- stands: so `order_id` is no foreign key, and a payment that was interrupted is found by its state.
create table orders.payment (
  id uuid primary key, -- the provider knows it by this, so that asking twice takes the money once
  order_id uuid not null,
  provider text not null,
  provider_ref text,
  state orders.payment_state not null,
  amount_minor bigint not null check (amount_minor >= 0),
  currency platform.currency not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz, -- when the provider's books were known to say the same
  unique (provider, provider_ref),
  check (state <> 'pending' or settled_at is null)
);
create index payment_of_order on orders.payment (order_id);
-- Serves the job that settles interrupted payments.
create index payment_unsettled on orders.payment (created_at) where settled_at is null;
-- An order is never paid for twice.
create unique index payment_live on orders.payment (order_id) where state in ('pending', 'authorized', 'captured');

-- An order about to be placed: all that was decided before the money was asked for, so that whoever finds the
-- payment can finish the order. The row goes when the order stands or the attempt is given up.
create table orders.checkout (
  order_id uuid primary key,
  cart_id uuid not null unique references orders.cart (id) on delete restrict,
  attempt_id uuid not null unique, -- the payment's id and the reservation's
  draft jsonb not null,
  started_at timestamptz not null
);
comment on column orders.checkout.draft is 'personal';

create sequence orders.order_number;

-- The receipt by e-mail: one for each order. Claimed before it is sent, so that two workers do not both send it.
create table orders.receipt (
  order_id uuid primary key references orders.order (id) on delete restrict,
  claimed_at timestamptz,
  sent_at timestamptz
);
create index receipt_unsent on orders.receipt (order_id) where sent_at is null;

-- The books of the provider `test`, which a real provider keeps on its own machines. Only its adapter reads
-- them, and never in a transaction of ours.
create table orders.test_payment (
  payment_id uuid primary key,
  state orders.payment_state not null,
  amount_minor bigint not null,
  currency platform.currency not null
);

-- Goods and money coming back. Some credit notes of the past name no order.
create table orders.return (
  id uuid primary key,
  number text not null,
  order_id uuid references orders.order (id) on delete restrict,
  customer_id uuid references identity.customer (id) on delete restrict,
  touchpoint platform.touchpoint not null,
  currency platform.currency not null,
  region_code text not null references market.region (code) on delete restrict,
  returned_at timestamptz not null,
  business_day date not null,
  total_minor bigint not null, -- money back: positive
  source text not null default 'stoa',
  external_ref text,
  unique (source, external_ref),
  unique (source, number)
);
create index return_of_order on orders.return (order_id);
create index return_of_customer on orders.return (customer_id, returned_at desc);

create table orders.return_line (
  id uuid primary key,
  return_id uuid not null references orders.return (id) on delete restrict,
  position integer not null,
  order_line_id uuid references orders.order_line (id) on delete restrict,
  kind orders.line_kind not null,
  product_id uuid,
  variant_id uuid references catalog.variant (id) on delete restrict,
  title text not null,
  quantity integer not null, -- units that came back: positive
  amount_minor bigint not null, -- money back for the line: positive
  reason text not null default '',
  check ((kind = 'goods') = (variant_id is not null))
);
create index line_of_return on orders.return_line (return_id);
