-- Whoever keeps what guests were shown hears at once that something is not theirs to see any more.
create function social.tell_fewer_see() returns trigger language plpgsql as $$
begin
  perform pg_notify('stoa_fewer_see', '');
  return null;
end
$$;

create trigger fewer_see after update of state, visibility on social.piece
  for each row
  when ((old.state = 'live' and new.state <> 'live') or (old.visibility = 'public' and new.visibility <> 'public'))
  execute function social.tell_fewer_see();

create trigger none_see after delete on social.piece
  for each statement execute function social.tell_fewer_see();
