-- What is spent on marketing is followed too.
insert into insight.follower (name) values ('spend_entry');
