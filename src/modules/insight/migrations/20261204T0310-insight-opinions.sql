-- What people say of how it went is followed too.
insert into insight.follower (name) values ('opinion_entry');
