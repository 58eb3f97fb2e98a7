-- What serving orders costs is followed too.
insert into insight.follower (name) values ('serve_cost_entry');
