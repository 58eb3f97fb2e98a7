-- A customer may write about no order at all: then they are known by their number, or by the contact alone.
alter table satisfaction.contact alter column order_id drop not null;
-- The store that has to do with it: where the order is collected, else the one that the customer's region belongs to.
alter table satisfaction.contact add column location_id uuid;

-- What a customer wrote themself. It can be erased; that they turned to staff stays.
create table satisfaction.letter (
  contact_id uuid primary key references satisfaction.contact (id) on delete restrict,
  email text not null check (length(email) between 3 and 254), -- to which the answers go
  words text not null check (length(words) between 1 and 4000),
  written_at timestamptz not null
);
comment on column satisfaction.letter.email is 'personal';
comment on column satisfaction.letter.words is 'personal';

-- What staff answered, and its mail.
create table satisfaction.reply (
  id uuid primary key, -- made by the form, so that a retry is the same answer
  contact_id uuid not null references satisfaction.letter (contact_id) on delete restrict,
  words text not null check (length(words) between 1 and 4000),
  replied_by text not null check (length(replied_by) between 1 and 80),
  replied_at timestamptz not null,
  claimed_at timestamptz, -- a worker is sending its mail
  sent_at timestamptz
);
comment on column satisfaction.reply.words is 'personal';
create index reply_to on satisfaction.reply (contact_id, replied_at);
create index letter_by_time on satisfaction.letter (written_at, contact_id);
