-- What a customer's purchases in one currency say of them beside everybody else's. Only of those whose member agrees to
-- figures; counted anew each night, and whoever no longer agrees is gone with the next count.
create table insight.customer_figure (
  customer_id uuid references identity.customer (id) on delete cascade,
  currency platform.currency,
  recency_days integer not null check (recency_days >= 0), -- since the last order
  orders integer not null check (orders >= 0), -- of 365 days
  net_minor bigint not null, -- net sales of 365 days
  orders_ever integer not null check (orders_ever > 0),
  recency_score integer not null check (recency_score between 1 and 5),
  orders_score integer not null check (orders_score between 1 and 5),
  net_score integer not null check (net_score between 1 and 5),
  segments text[] not null,
  -- Of the next 52 weeks, by the fitted models; null where there is no fit.
  still_here double precision check (still_here between 0 and 1),
  expected_orders double precision check (expected_orders >= 0),
  expected_minor bigint check (expected_minor >= 0),
  counted_at timestamptz not null,
  primary key (customer_id, currency),
  check ((still_here is null) = (expected_orders is null)),
  check (expected_minor is null or expected_orders is not null)
);
-- Serves the list: who bought for the most first.
create index customer_figure_by_net on insight.customer_figure (currency, net_minor desc, customer_id);

-- The count itself, a row for each currency: how current it is, and what could be fitted.
create table insight.customer_count (
  currency platform.currency primary key,
  counted_at timestamptz not null,
  as_of timestamptz not null,
  customers integer not null,
  purchases_fault text check (purchases_fault in ('too_few_repeats', 'not_settled')),
  amounts_fault text check (amounts_fault in ('too_few_repeats', 'not_settled'))
);
