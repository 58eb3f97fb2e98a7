-- A till keeps prices and asks what has become of them since. When a price was last set:
alter table catalog.offer add column set_at timestamptz not null default now();
create index offer_set on catalog.offer (set_at);
-- Prices begin and end by themselves, too.
create index offer_begins on catalog.offer (valid_from);
create index offer_ends on catalog.offer (valid_to) where valid_to is not null;
create index product_updated on catalog.product (updated_at);

create function catalog.note_offer_set() returns trigger language plpgsql as $$
begin
  new.set_at := now();
  return new;
end $$;
create trigger set_again before update on catalog.offer
  for each row when (old.* is distinct from new.*) execute function catalog.note_offer_set();

-- A price that is taken away leaves nothing behind: its product tells of it.
create function catalog.note_offer_gone() returns trigger language plpgsql as $$
begin
  update catalog.product set updated_at = now()
  where id in (select v.product_id from gone join catalog.variant v on v.id = gone.variant_id);
  return null;
end $$;
create trigger taken_away after delete on catalog.offer
  referencing old table as gone for each statement execute function catalog.note_offer_gone();
