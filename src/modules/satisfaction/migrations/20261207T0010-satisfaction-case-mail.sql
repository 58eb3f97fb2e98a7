-- The case that the question is about: without an order its letter says where the mail goes.
alter table satisfaction.mailing add contact_id uuid references satisfaction.contact (id) on delete restrict;
create index mailing_of_contact on satisfaction.mailing (contact_id) where contact_id is not null;
