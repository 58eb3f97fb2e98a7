-- What the staff sets and every order reads is kept in the processes' memory. This one row says whether what they keep
-- still holds: any change to such a table gives it another version in the same transaction, and no version comes twice.
create table platform.settings (
  is_only boolean primary key default true check (is_only),
  version uuid not null
);
insert into platform.settings (version) values (gen_random_uuid());

create function platform.settings_changed() returns trigger language plpgsql as $$
begin
  update platform.settings set version = gen_random_uuid();
  return null;
end $$;
