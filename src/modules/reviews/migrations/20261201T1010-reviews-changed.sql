-- Which transaction changed last what others see of a review: whoever keeps a copy asks for what came after, in the order
-- in which transactions began, once none before it is still going on (as followers of platform.event do).
alter table reviews.review add changed_by xid8 not null default pg_current_xact_id();
create index review_changed on reviews.review (changed_by, id);

create function reviews.note_change() returns trigger language plpgsql as $$
begin
  new.changed_by := pg_current_xact_id();
  return new;
end $$;
create trigger note_change before update of rating, title, body, incentive, order_line_id, product_id on reviews.review
  for each row when ((old.rating, old.title, old.body, old.incentive, old.order_line_id, old.product_id)
    is distinct from (new.rating, new.title, new.body, new.incentive, new.order_line_id, new.product_id))
  execute function reviews.note_change();

-- It came into sight or went out of it: held, removed, restored, deleted, erased.
create function reviews.note_state() returns trigger language plpgsql as $$
begin
  update reviews.review set changed_by = pg_current_xact_id() where id = new.id;
  return null;
end $$;
create trigger note_review_state after update of state on social.piece
  for each row when (new.kind = 'review' and old.state <> new.state) execute function reviews.note_state();

-- What it is said of is called otherwise, has other numbers, or is shown no more.
create function reviews.note_product() returns trigger language plpgsql as $$
begin
  update reviews.review set changed_by = pg_current_xact_id() where product_id in (
    select now.id from after_change as now join before_change as before using (id)
    where (now.publication, now.slug, now.title, now.brand_id)
      is distinct from (before.publication, before.slug, before.title, before.brand_id));
  return null;
end $$;
create trigger note_reviews after update on catalog.product
  referencing old table as before_change new table as after_change
  for each statement execute function reviews.note_product();

create function reviews.note_variants() returns trigger language plpgsql as $$
begin
  update reviews.review set changed_by = pg_current_xact_id() where product_id in (
    select product_id from changed);
  return null;
end $$;
create trigger note_reviews_of_new after insert on catalog.variant
  referencing new table as changed for each statement execute function reviews.note_variants();
create trigger note_reviews_of_old after delete on catalog.variant
  referencing old table as changed for each statement execute function reviews.note_variants();
create function reviews.note_numbers() returns trigger language plpgsql as $$
begin
  update reviews.review set changed_by = pg_current_xact_id() where product_id in (
    select now.product_id from after_change as now join before_change as before using (id)
    where (now.sku, now.gtin) is distinct from (before.sku, before.gtin));
  return null;
end $$;
create trigger note_reviews after update on catalog.variant
  referencing old table as before_change new table as after_change
  for each statement execute function reviews.note_numbers();
