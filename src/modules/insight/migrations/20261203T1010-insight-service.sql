-- Service is followed too, by the transaction and the number of each entry.
insert into insight.follower (name) values ('service_entry');
