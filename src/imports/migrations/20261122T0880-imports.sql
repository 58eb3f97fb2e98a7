create schema imports;

-- One file read with one mapping. Its id follows from both, so the same file is the same run.
create table imports.run (
  id uuid primary key,
  source text not null,
  file_name text not null,
  row_count integer not null check (row_count >= 0),
  batch_count integer, -- known when the last one is written
  started_at timestamptz not null default now(),
  finished_at timestamptz
);

-- A batch of documents that is written. It commits with what it wrote, so a run that was cut off at any
-- moment goes on with the batches that have no row here.
create table imports.batch (
  run_id uuid references imports.run (id) on delete cascade,
  position integer check (position >= 0),
  document_count integer not null,
  recorded_count integer not null check (recorded_count <= document_count), -- the others were here already
  primary key (run_id, position)
);
