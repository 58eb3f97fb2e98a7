-- What each key may send at this moment, one for all processes. Not logged: after a crash of the server each has its whole burst.
create unlogged table collector.pace (
  source_id uuid primary key references collector.source (id) on delete cascade,
  events_left double precision not null,
  granted double precision not null, -- what was drawn last
  drawn_at timestamptz not null
);
