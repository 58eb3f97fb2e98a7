create schema quality;
create type quality.measure as enum ('arrivals', 'delay', 'duplicates', 'unmatched', 'failures');
create type quality.fault as enum (
  'arrival', 'volume', 'freshness', 'duplicates', 'unmatched', 'failures', 'new_property', 'new_type', 'vanished_property'
);

-- What each feed was like in each hour. Measured again, an hour is the same row.
create table quality.hour (
  feed text not null check (length(feed) <= 80),
  measure quality.measure not null,
  hour timestamptz not null,
  value double precision not null,
  n integer not null, -- how many it is a share or a quantile of
  primary key (feed, measure, hour)
);
create index hour_by_time on quality.hour (hour);

-- Which properties events have, by day; property '' counts the events of the name.
create table quality.shape_day (
  feed text not null,
  name text not null,
  property text not null,
  type text not null,
  day date not null,
  times integer not null,
  primary key (feed, name, property, type, day)
);
create index shape_by_day on quality.shape_day (day);

-- What is not as it was: opened once, closed when it is as it was again.
create table quality.finding (
  id uuid primary key,
  feed text not null,
  fault quality.fault not null,
  subject text not null, -- of a shape: the event's name and the property
  opened_at timestamptz not null,
  seen_at timestamptz not null, -- the hour in which it was last so
  closed_at timestamptz,
  value double precision not null,
  expected double precision not null,
  told_at timestamptz, -- by mail
  check (closed_at >= opened_at)
);
create unique index finding_open on quality.finding (feed, fault, subject) where closed_at is null;
create index finding_by_time on quality.finding (opened_at desc, id desc);

-- Of what nobody wants to be told, until when.
create table quality.mute (
  feed text not null,
  fault quality.fault not null,
  until timestamptz not null,
  primary key (feed, fault)
);

-- The last hour that was judged.
create table quality.run (
  singleton boolean primary key default true check (singleton),
  judged_hour timestamptz
);
insert into quality.run default values;
