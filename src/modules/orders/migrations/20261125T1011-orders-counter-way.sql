-- In a file of its own, as a new kind is not used where it is made.
insert into orders.delivery_option (code, name, kind, transit_days_min, transit_days_max, position)
values ('counter', 'Over the counter', 'counter', 0, 0, 9);
insert into orders.delivery_rate (delivery_code, currency, amount_minor)
select distinct 'counter', currency, 0 from orders.delivery_rate;
