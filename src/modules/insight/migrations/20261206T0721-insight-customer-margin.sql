-- What a customer's purchases leave is what they are scored by beside others: contribution margin 2 of 365 days. Net sales, where
-- no cost is known; so are those that were counted before.
alter table insight.customer_figure rename net_score to margin_score;
alter table insight.customer_figure add margin_minor bigint not null default 0;
update insight.customer_figure set margin_minor = net_minor;
alter table insight.customer_figure alter margin_minor drop default;
