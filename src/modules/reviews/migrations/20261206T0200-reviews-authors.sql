-- Who wrote it is called otherwise, or shows themselves no more: whoever keeps a copy of their reviews hears of it.
create function reviews.note_profile() returns trigger language plpgsql as $$
begin
  update reviews.review set changed_by = pg_current_xact_id() where id in (
    select piece.id from social.piece where owner_id = old.member_id and kind = 'review' and state = 'live'); -- others come when they are shown
  return null;
end $$;
create trigger note_reviews after update of name, handle on social.profile
  for each row when ((old.name, old.handle) is distinct from (new.name, new.handle))
  execute function reviews.note_profile();
create trigger note_reviews_of_gone after delete on social.profile
  for each row execute function reviews.note_profile();

create trigger note_author before update of author_name on reviews.review
  for each row when (old.author_name <> new.author_name) execute function reviews.note_change();
