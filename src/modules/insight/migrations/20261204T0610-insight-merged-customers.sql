-- Customers who are one person are counted together. Each of them who has an account has a row, which says of whom it was
-- counted: where the graph says otherwise by now, it is shown to nobody.
alter table insight.customer_figure add column customers uuid[], add column is_first boolean;
update insight.customer_figure set customers = array[customer_id], is_first = true;
alter table insight.customer_figure
  alter column customers set not null,
  alter column is_first set not null, -- the one by which the list shows the person
  add constraint counted_among_them check (customer_id = any(customers));
-- Serves erasing: all that a person's purchases went into.
create index customer_figure_customers on insight.customer_figure using gin (customers);
drop index insight.customer_figure_by_net;
-- Serves the list: who bought for the most first.
create index customer_figure_by_net on insight.customer_figure (currency, net_minor desc, customer_id) where is_first;

-- How many regroupings of customers the count knew of.
alter table insight.customer_count add column regroupings bigint not null default 0;
