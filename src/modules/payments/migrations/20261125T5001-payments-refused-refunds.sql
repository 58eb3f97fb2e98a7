create type payments.refusal_answer as enum ('again', 'credit', 'by_hand');

-- What staff did about a refund that a provider refused for good: append-only. One that was tried again and refused
-- again is another operation, with an answer of its own.
create table payments.refusal (
  operation_id uuid primary key references payments.operation (id) on delete restrict,
  answer payments.refusal_answer not null,
  reference text not null default '', -- of a payment by hand: what the bank calls it
  actor text not null,
  answered_at timestamptz not null,
  check ((answer = 'by_hand') = (reference <> ''))
);
create trigger append_only before update or delete on payments.refusal
  for each row execute function platform.forbid_change();

-- Serves the list of refunds that were refused, and their number.
create index operation_refused on payments.operation (settled_at, id) where state = 'refused' and kind = 'refund';
