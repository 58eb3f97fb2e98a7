-- What a location gives back of an assignment, to be brokered again: the assignment itself stays as it was decided.
create table routing.withdrawal (
  id uuid, -- the rejection or expiry that caused it
  assignment_id uuid,
  variant_id uuid,
  quantity integer not null check (quantity > 0),
  withdrawn_at timestamptz not null,
  primary key (id, assignment_id, variant_id),
  foreign key (assignment_id, variant_id) references routing.assignment_line on delete restrict
);
create index withdrawal_of_assignment on routing.withdrawal (assignment_id);
create trigger append_only before update or delete on routing.withdrawal
  for each row execute function platform.forbid_change();
