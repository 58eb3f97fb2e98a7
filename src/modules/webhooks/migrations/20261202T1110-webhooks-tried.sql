-- What was tried in an hour is counted each hour.
create index attempt_by_time on webhooks.attempt (tried_at);
