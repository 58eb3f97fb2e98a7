-- Until when somebody says that they work on placing the order. Past it, its end may be sought by another.
alter table orders.checkout add worked_on_until timestamptz not null default now();
alter table orders.checkout alter worked_on_until drop default;
