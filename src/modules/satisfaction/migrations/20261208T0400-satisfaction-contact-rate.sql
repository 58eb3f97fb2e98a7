-- What a contact with staff costs, from a day on: the minutes that one takes, and what a minute costs in minor units.
create table satisfaction.contact_rate (
  starts_on date primary key,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  minutes double precision not null check (minutes between 0 and 10000),
  minute_minor double precision not null check (minute_minor between 0 and 1000000),
  set_at timestamptz not null
);
