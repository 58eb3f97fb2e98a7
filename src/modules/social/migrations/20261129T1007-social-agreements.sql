-- What members agree to before they first say or make something here. Nothing, unless the shop says so.
create table social.house_rule (
  singleton boolean primary key default true check (singleton),
  minimum_age integer check (minimum_age between 1 and 21), -- asked for; null: not asked
  terms_version integer not null default 0 check (terms_version >= 0) -- of the terms that are agreed to; 0: none are
);
insert into social.house_rule default values;

create type social.agreed as enum ('age', 'terms');
-- That a member said so, and when. Of the age only that they are as old as was asked: no year of birth is kept.
create table social.agreement (
  member_id uuid references identity.member (id) on delete restrict,
  what social.agreed,
  version integer, -- of the terms; or the age that was asked for
  at timestamptz not null,
  primary key (member_id, what, version)
);
