-- What customers turn to staff about is followed too.
insert into insight.follower (name) values ('contact_entry');
