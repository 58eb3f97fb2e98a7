alter type guidance.adjustment_kind add value 'reprice';
-- Another price may sell fewer pieces, and bring more.
alter table guidance.adjustment drop constraint adjustment_expected_units_check,
  add constraint adjustment_expected_units_check check (expected_units >= 0 or kind::text = 'reprice');

-- What a night's look at prices came to: also of what is not proposed it says why.
create table guidance.price_look (
  looked_on date primary key,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  looked integer not null check (looked >= 0), -- prices whose sales or stock left their own past
  proposed integer not null check (proposed >= 0),
  unsure integer not null check (unsure >= 0), -- too little is known of how buyers answer to the price
  uncosted integer not null check (uncosted >= 0), -- nobody knows what a piece costs
  no_better integer not null check (no_better >= 0), -- no other price is expected to bring more
  looked_at timestamptz not null,
  check (looked = proposed + unsure + uncosted + no_better)
);

-- Another price is measured beside other goods of its market, anything else beside other markets.
alter table guidance.effect add column beside text not null default 'markets' check (beside in ('markets', 'goods'));
