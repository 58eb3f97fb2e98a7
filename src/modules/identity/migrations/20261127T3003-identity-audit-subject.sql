-- Serves an order's time line, and what was done to somebody.
create index audit_of_subject on identity.audit (subject, id) where subject is not null;
