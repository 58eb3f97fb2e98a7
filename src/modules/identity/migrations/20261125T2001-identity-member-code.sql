-- A member's own code: what they show in a store, so that what they look at there waits in their cart at home.
create table identity.member_code (
  member_id uuid primary key references identity.member (id) on delete cascade,
  code text not null unique check (length(code) >= 12), -- random, and replaced when its member wishes
  made_at timestamptz not null
);
comment on column identity.member_code.code is 'personal';
