-- What a way of delivery says is how long a parcel is on its way; when it leaves is the location's to say.
alter table orders.delivery_option rename column days_min to transit_days_min;
alter table orders.delivery_option rename column days_max to transit_days_max;
comment on column orders.order_line.location_id is
  'where all of the line comes from; null when several locations share it: their assignments say which gives what';
