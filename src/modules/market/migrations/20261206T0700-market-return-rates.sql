-- What a return costs where it is looked at, beside what a shipment does. Nothing, until somebody says so.
alter table market.serve_rate
  add return_minutes_fixed double precision not null default 0 check (return_minutes_fixed between 0 and 10000),
  add return_minutes_per_line double precision not null default 0 check (return_minutes_per_line between 0 and 10000),
  add return_label_minor bigint not null default 0 check (return_label_minor between 0 and 100000000);
