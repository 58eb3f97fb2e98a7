-- How often the page of a link could not be reached: it is tried again a few times, later each time.
alter table boards.link add column tries smallint not null default 0 check (tries >= 0);
