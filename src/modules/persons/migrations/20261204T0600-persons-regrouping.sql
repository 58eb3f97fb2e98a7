-- Of a customer who is one person with another, or was before it: who counts by person hears of these, and counts again.
alter table persons.override_waiting add column customer_id uuid;
alter table persons.override_waiting add column is_alone boolean not null default false; -- of a customer: one person with no other
insert into persons.override_waiting (node_id, person_id, customer_id)
select id, person_id, value::uuid from persons.node
where kind = 'customer' and value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and person_id in (
  select person_id from persons.node where kind = 'customer' group by person_id having count(*) > 1);

-- How often that came to ClickHouse.
create table persons.regrouping (
  singleton boolean primary key default true check (singleton),
  number bigint not null default 0
);
insert into persons.regrouping default values;
