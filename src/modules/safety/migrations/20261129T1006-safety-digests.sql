-- So that the same wording is judged once: a moderator may have put it back.
alter table safety.fingerprint add digest bytea not null;
alter table safety.fingerprint alter member_id drop not null; -- none where who wrote it has no account
alter table safety.fingerprint drop constraint fingerprint_bands_check;
alter table safety.fingerprint add check (cardinality(bands) <= 8); -- none of few words
