create schema persons;
create type persons.node_kind as enum ('anonymous', 'device', 'member', 'customer', 'handle');
create type persons.evidence_kind as enum ('sign_in', 'order', 'link_click', 'match');

-- Something that stands for a person somewhere. Its id follows from what it is, so that it is the same for all who name it.
create table persons.node (
  id uuid primary key,
  kind persons.node_kind not null,
  scope text not null check (length(scope) <= 100), -- the source of an anonymous id or a device, the network of a handle
  value text not null check (length(value) between 1 and 255),
  person_id uuid, -- none until it was resolved
  is_shared boolean not null default false, -- by several people: as it was resolved last
  stays_shared boolean not null default false, -- one of those who shared it was erased: it is nobody's for good
  seen_at timestamptz not null
);
comment on column persons.node.value is 'personal';
create index node_of_person on persons.node (person_id); -- what a person consists of

-- The ledger: why two nodes may be one person.
create table persons.evidence (
  id uuid primary key, -- made by the caller, so that a retry is the same evidence
  kind persons.evidence_kind not null,
  from_node uuid not null references persons.node (id) on delete restrict,
  to_node uuid not null references persons.node (id) on delete restrict,
  is_strong boolean not null,
  said_by text not null check (length(said_by) <= 100),
  seen_at timestamptz not null,
  noted_at timestamptz not null default now(),
  check (from_node < to_node)
);
create index evidence_from on persons.evidence (from_node); -- walking the graph
create index evidence_to on persons.evidence (to_node); -- walking it the other way
-- Erasing takes rows away; nothing changes one.
create trigger append_only before update on persons.evidence
  for each row execute function platform.forbid_change();

-- Evidence that was wrong: it stays in the ledger and joins nothing.
create table persons.undoing (
  evidence_id uuid primary key references persons.evidence (id) on delete restrict,
  undone_by text not null check (length(undone_by) <= 100),
  undone_at timestamptz not null
);
create trigger append_only before update on persons.undoing
  for each row execute function platform.forbid_change();

-- Where the graph has changed since it was resolved. A row for each change: none is lost beside a resolver at work.
create table persons.touched (
  id bigint generated always as identity primary key,
  node_id uuid not null
);

-- What ClickHouse has to hear: whose a node is now, or that it is gone.
create table persons.override_waiting (
  id bigint generated always as identity primary key,
  node_id uuid not null,
  person_id uuid
);

-- Up to when the stream was searched for evidence.
create table persons.follower (
  singleton boolean primary key default true check (singleton),
  searched_until timestamptz not null default '2015-01-01'
);
insert into persons.follower default values;
