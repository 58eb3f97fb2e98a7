create type safety.legal_kind as enum ('imprint', 'terms', 'privacy', 'reviews', 'ranking');
-- What the shop must say about itself, in its own words. The latest version counts; those before are kept, since members
-- agreed to them.
create table safety.legal_text (
  kind safety.legal_kind,
  version integer check (version > 0),
  body text not null check (length(body) between 1 and 40000),
  set_by uuid not null references identity.member (id) on delete restrict,
  set_at timestamptz not null,
  primary key (kind, version)
);
create trigger append_only before update or delete on safety.legal_text
  for each row execute function platform.forbid_change();
