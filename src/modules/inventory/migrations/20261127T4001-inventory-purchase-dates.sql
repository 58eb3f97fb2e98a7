-- When a purchase was expected, each time somebody said so anew: what was promised from it moves with it.
create table inventory.purchase_date (
  id uuid primary key, -- made by the caller, so that a retry is the same change
  purchase_id uuid not null references inventory.purchase (id) on delete restrict,
  expected_before date not null,
  expected_on date not null check (expected_on <> expected_before),
  reason text not null check (reason <> ''),
  actor_id uuid,
  changed_at timestamptz not null
);
create index purchase_date_of_purchase on inventory.purchase_date (purchase_id, changed_at);
create trigger append_only before update or delete on inventory.purchase_date
  for each row execute function platform.forbid_change();
