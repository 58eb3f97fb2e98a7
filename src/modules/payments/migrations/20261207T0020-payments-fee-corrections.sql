-- A fee that a rate made wrong is put right by another entry: who did it, and why.
alter table payments.fee_entry
  add column becomes_minor bigint check (becomes_minor >= 0), -- what all of the payment's fees of the kind came to with it
  add column actor text check (length(actor) between 1 and 80),
  add column reason text check (length(reason) between 1 and 500),
  add constraint fee_entry_by_hand check (num_nulls(becomes_minor, actor, reason) in (0, 3));
