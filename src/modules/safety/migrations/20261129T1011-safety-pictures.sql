-- What pictures looked like that were taken away with a piece, so that they are known when they come again.
create table safety.removed_picture (
  act_id uuid references safety.act (id) on delete restrict,
  looks bigint,
  primary key (act_id, looks)
);
