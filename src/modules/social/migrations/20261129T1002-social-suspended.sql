-- Until when a member may read and delete, and nothing else.
alter table social.trust add suspended_until timestamptz;
