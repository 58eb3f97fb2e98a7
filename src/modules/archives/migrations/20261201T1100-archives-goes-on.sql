-- When an intake goes on by itself that has said as much as is said within an hour; null while it is at work.
alter table archives.intake add goes_on_at timestamptz check (goes_on_at is null or state = 'waiting');
