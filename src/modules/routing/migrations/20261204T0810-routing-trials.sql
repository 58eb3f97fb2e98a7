-- Rules that are tried on a part of the orders are kept among the others, so that an assignment names them alike; they are
-- never in force for all.
alter table routing.rule_set add on_trial boolean not null default false;
