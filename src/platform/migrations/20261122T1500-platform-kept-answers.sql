-- What was answered to a request that came with an Idempotency-Key, so that the same request again is the same thing.
-- A row is written before the work and completed with the answer; it is forgotten after a day.
create table platform.kept_answer (
  caller text not null, -- `member:<id>`, `key:<id>` or `guest`
  key text not null,
  request_hash bytea not null, -- of method, address and body: a key is for one request
  begun_at timestamptz not null, -- of the last try: one that has died is taken up by a later one
  status smallint, -- null until it was answered
  content_type text,
  body text,
  primary key (caller, key)
);
comment on column platform.kept_answer.body is 'personal';
-- Serves the job that forgets.
create index kept_answer_by_age on platform.kept_answer (begun_at);
