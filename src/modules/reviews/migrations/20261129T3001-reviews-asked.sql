-- What exactly is got for a review, in the shop's words; and what was promised when somebody was asked.
alter table reviews.setting add incentive_note text not null default '' check (length(incentive_note) <= 200);
alter table reviews.request add incentive_note text not null default '' check (length(incentive_note) <= 200);
-- Serves the figures of a period: how many were asked, and how many of them wrote.
create index request_sent on reviews.request (sent_at) where sent_at is not null;
