-- What was said and could not be said again here, as a whole: its member keeps it, and sees it alone.
alter table archives.left_out add words text not null default '' check (length(words) <= 5000);
comment on column archives.left_out.words is 'personal';
