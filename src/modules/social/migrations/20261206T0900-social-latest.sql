-- Serves the feed of friends: what each of them made, the latest first, whatever ids it was given by who made it.
create index piece_latest_of_owner on social.piece (owner_id, kind, made_at desc, id desc)
  where kind in ('pin', 'look', 'post', 'review');
