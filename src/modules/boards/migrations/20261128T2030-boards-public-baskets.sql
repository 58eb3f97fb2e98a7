-- What people put on one board, of the boards that a guest may find, for the statements of other modules. Larger boards
-- than `most` are collections of everything.
create function boards.public_baskets(most integer) returns table (basket_id uuid, product_id uuid)
language sql stable as $$
  select pin.board_id, pin.product_id
  from boards.pin as pin join boards.board as board on board.id = pin.board_id
  join social.listed(null) as seen on seen.id = pin.id
  where pin.product_id is not null and board.pin_count between 2 and most
  group by pin.board_id, pin.product_id
$$;
