create schema satisfaction;
create type satisfaction.occasion as enum ('purchase', 'delivery', 'pick_up', 'return', 'case');
create type satisfaction.scale as enum ('csat', 'nps');
create type satisfaction.way as enum ('mail', 'order_page', 'receipt');
create type satisfaction.outcome as enum (
  'mailed', 'answered', 'over', 'no_address', 'switched_off', 'resting'
);

-- What is asked after each occasion, when, and of how many a mail.
create table satisfaction.rule (
  occasion satisfaction.occasion primary key,
  scale satisfaction.scale not null,
  mails_after_hours integer not null check (mails_after_hours between 0 and 4320),
  mailed_percent integer not null check (mailed_percent between 0 and 100)
);
insert into satisfaction.rule (occasion, scale, mails_after_hours, mailed_percent) values
  ('purchase', 'csat', 2, 20),
  ('delivery', 'nps', 72, 40),
  ('pick_up', 'csat', 24, 100),
  ('return', 'csat', 24, 100),
  ('case', 'csat', 24, 100);

create table satisfaction.setting (
  singleton boolean primary key default true check (singleton),
  rest_days integer not null default 30 check (rest_days between 0 and 365), -- between two questions to a person
  open_days integer not null default 60 check (open_days between 1 and 365), -- so long after its occasion one is answered
  change_days integer not null default 14 check (change_days between 0 and 90) -- so long after the first answer
);
insert into satisfaction.setting default values;

-- The ledger of what is owed: one question for each occasion.
create table satisfaction.question (
  id uuid primary key, -- follows from the occasion, or is made by the caller: a retry is the same question
  occasion satisfaction.occasion not null,
  scale satisfaction.scale not null, -- as the rule was
  order_id uuid references orders.order (id) on delete restrict,
  customer_id uuid,
  touchpoint text not null check (length(touchpoint) between 1 and 60),
  region_code text not null check (length(region_code) <= 20),
  location_id uuid, -- the store or warehouse that had to do with it
  occurred_at timestamptz not null,
  owed_at timestamptz not null default now(),
  check (occasion = 'case' or order_id is not null or occasion = 'return')
);
create trigger append_only before update or delete on satisfaction.question
  for each row execute function platform.forbid_change();
create index question_of_order on satisfaction.question (order_id, occurred_at desc);
create index question_of_customer on satisfaction.question (customer_id) where customer_id is not null;
create index question_by_time on satisfaction.question (occurred_at);

-- The mail that is to ask it: only of those that were drawn.
create table satisfaction.mailing (
  question_id uuid primary key references satisfaction.question (id) on delete restrict,
  due_at timestamptz not null,
  claimed_at timestamptz, -- a worker is sending it
  closed_at timestamptz -- sent, or for good not sent
);

-- The ledger of what became of each mail.
create table satisfaction.asked (
  question_id uuid primary key references satisfaction.question (id) on delete restrict,
  outcome satisfaction.outcome not null,
  at timestamptz not null
);
create trigger append_only before update or delete on satisfaction.asked
  for each row execute function platform.forbid_change();

-- The ledger of answers: a change is another row, and the highest version holds.
create table satisfaction.answer (
  id uuid primary key, -- made by the form, so that a retry is the same answer
  question_id uuid not null references satisfaction.question (id) on delete restrict,
  version integer not null check (version >= 1),
  score smallint not null check (score between 0 and 10),
  way satisfaction.way not null,
  given_at timestamptz not null,
  unique (question_id, version)
);
create trigger append_only before update or delete on satisfaction.answer
  for each row execute function platform.forbid_change();

-- Apart from the ledger, so that they can be erased.
create table satisfaction.remark (
  answer_id uuid primary key references satisfaction.answer (id) on delete restrict,
  words text not null check (length(words) between 1 and 1000)
);
comment on column satisfaction.remark.words is 'personal';

-- When a person was last asked or last answered; the person is a keyed hash.
create table satisfaction.rest (
  person bytea primary key,
  question_id uuid not null references satisfaction.question (id) on delete restrict,
  since timestamptz not null
);

-- Addresses of guests that want no such mail, as keyed hashes.
create table satisfaction.unasked (
  address_hash bytea primary key,
  since timestamptz not null
);
