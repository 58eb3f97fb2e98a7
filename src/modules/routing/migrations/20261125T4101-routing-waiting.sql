-- The day on which the last goods of the part are to come to its location; null: they lay there.
alter table routing.assignment add column goods_on date;
