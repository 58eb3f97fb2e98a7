create schema pricing;

-- What lowers a basket's price. One without a code applies by itself.
create table pricing.promotion (
  id uuid primary key, -- made by the caller, so that a retry is the same promotion
  name text not null check (length(name) between 1 and 120), -- as the buyer reads it
  code text check (code ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'), -- in capitals: buyers type it either way
  effect jsonb not null, -- what it does: a closed set of forms, checked where it comes in
  currency platform.currency, -- null: any
  min_goods_minor bigint not null default 0 check (min_goods_minor >= 0),
  -- What it is for; all three empty: everything.
  product_ids uuid[] not null default '{}',
  category_ids uuid[] not null default '{}',
  brand_ids uuid[] not null default '{}',
  region_codes text[] not null default '{}', -- where the buyer is; empty: anywhere
  combination text check (combination ~ '^[a-z0-9]+(-[a-z0-9]+)*$'), -- combines with its like; null: exclusive
  priority integer not null default 0,
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to >= valid_from), -- ending one sets it; nothing is deleted
  uses_max integer check (uses_max > 0),
  budget_minor bigint check (budget_minor > 0),
  uses_per_member integer check (uses_per_member > 0),
  -- Kept with the ledger of uses, and only where there is a limit: without one nobody waits for this row.
  uses integer not null default 0 check (uses >= 0),
  spent_minor bigint not null default 0 check (spent_minor >= 0),
  constraint never_overused check (uses <= uses_max and spent_minor <= budget_minor),
  constraint amounts_have_a_currency check (
    currency is not null or (min_goods_minor = 0 and budget_minor is null and effect ->> 'kind' <> 'amount_off')
  ),
  constraint one_code_at_a_time exclude using gist (
    code with =, tstzrange(valid_from, valid_to) with &&
  ) where (code is not null)
);
-- Serves every basket: what applies by itself now.
create index promotion_automatic on pricing.promotion (valid_to) where code is null;

create type pricing.use_kind as enum ('taken', 'given_back');

-- The ledger of uses. An attempt to place an order takes them; given up or cancelled, it gives them back.
create table pricing.promotion_use (
  promotion_id uuid not null references pricing.promotion (id) on delete restrict,
  attempt_id uuid not null,
  kind pricing.use_kind not null,
  order_id uuid not null, -- no foreign key: the order stands only after it is paid
  member_id uuid, -- no foreign key: what was used stays when an unconfirmed account goes
  amount_minor bigint not null check (amount_minor > 0), -- what the buyer saved, either way
  currency platform.currency not null,
  at timestamptz not null,
  primary key (promotion_id, attempt_id, kind)
);
create index use_of_order on pricing.promotion_use (order_id);
create trigger append_only before update or delete on pricing.promotion_use
  for each row execute function platform.forbid_change();

-- How often a member has used what each may use only so often.
create table pricing.promotion_member (
  promotion_id uuid not null references pricing.promotion (id) on delete restrict,
  member_id uuid not null references identity.member (id) on delete cascade,
  uses integer not null check (uses >= 0),
  primary key (promotion_id, member_id)
);

-- What is taxed how, where, and from when. A category without a rate of its own has the place's standard one.
create table pricing.tax_rate (
  place text not null check (place ~ '^([A-Z]{2}|x-[a-z0-9-]{2,60})$'), -- a region's code
  category text not null check (category ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  holds_from timestamptz not null,
  name text not null check (length(name) between 1 and 40),
  rate numeric(6, 5) not null check (rate between 0 and 1),
  primary key (place, category, holds_from)
);
-- The standard rates of 2026: for the European Union from the European Commission's list of VAT rates.
insert into pricing.tax_rate (place, category, holds_from, name, rate)
select place, 'standard', '2026-01-01T00:00:00Z', 'VAT', percent / 100
from (values
  ('AT', 20), ('BE', 21), ('BG', 20), ('HR', 25), ('CY', 19), ('CZ', 21), ('DK', 25), ('EE', 24), ('FI', 25.5),
  ('FR', 20), ('DE', 19), ('GR', 24), ('HU', 27), ('IE', 23), ('IT', 22), ('LV', 21), ('LT', 21), ('LU', 17),
  ('MT', 18), ('NL', 21), ('PL', 23), ('PT', 23), ('RO', 21), ('SK', 23), ('SI', 22), ('ES', 21), ('SE', 25),
  ('GB', 20), ('CH', 8.1), ('NO', 25)
) as rates (place, percent);

-- Currencies whose prices are shown without tax: it is added. In all others a price has its tax in it.
create table pricing.tax_added (
  currency platform.currency primary key
);
