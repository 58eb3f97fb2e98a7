-- What is done once in a database's life, such as loading the demo at the first start. A row is written before the
-- work and completed after it, so that work which was cut short is seen and taken up again.
create table platform.once (
  name text primary key,
  begun_at timestamptz not null default now(),
  done_at timestamptz
);
