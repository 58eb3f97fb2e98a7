-- Credits are followed too. They are written by one process at a time, so their numbers come in the order of their
-- commits: position is the number of the last one taken, and the event that is named means nothing.
insert into insight.follower (name) values ('credit_entry');
