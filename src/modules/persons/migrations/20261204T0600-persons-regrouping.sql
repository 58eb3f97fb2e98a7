-- Whether customers become one person by it, or cease to be: who counts by person counts again.
alter table persons.override_waiting add column regroups boolean not null default false;

-- How often that came to ClickHouse.
create table persons.regrouping (
  singleton boolean primary key default true check (singleton),
  number bigint not null default 0
);
insert into persons.regrouping default values;
