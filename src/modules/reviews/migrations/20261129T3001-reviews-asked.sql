-- What exactly is got for a review, in the shop's words; and what was promised when somebody was asked.
alter table reviews.setting add incentive_note text not null default '' check (length(incentive_note) <= 200);
alter table reviews.request add incentive_note text not null default '' check (length(incentive_note) <= 200);
-- Who wants no such mail, or has said all, is settled without one.
alter table reviews.request add was_mailed boolean not null default false;
update reviews.request set was_mailed = true where sent_at is not null;
-- Serves the figures of a period: how many were asked, and how many of them wrote.
create index request_mailed on reviews.request (sent_at) where was_mailed;
