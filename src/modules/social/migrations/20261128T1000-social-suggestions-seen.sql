-- A suggestion is between who makes it and whom it is made to, as is what is said of it: whoever may see the board sees
-- none of it. What becomes of an accepted one is a pin, and a piece of its own.
create or replace function social.listed(viewer uuid) returns table (id uuid) language sql stable as $$
  select piece.id
  from social.piece as piece
  join social.piece as root on root.id = piece.root_id
  left join social.piece as within on within.id = piece.within_id
  where piece.state = 'live' and root.state = 'live' and (within.id is null or within.state = 'live')
    and (piece.kind <> 'suggestion' or viewer in (piece.owner_id, root.owner_id))
    and (within.kind is distinct from 'suggestion' or viewer in (within.owner_id, root.owner_id))
    and (root.visibility = 'public' or root.owner_id = viewer or exists (
      select from social.collaborator as c
      where c.piece_id = root.id and c.member_id = viewer and c.joined_at is not null
    ))
    and (viewer is null or not exists (
      select from social.block as b
      where (b.blocker_id = viewer and b.blocked_id in (piece.owner_id, root.owner_id, within.owner_id))
        or (b.blocked_id = viewer and b.blocker_id in (piece.owner_id, root.owner_id, within.owner_id))
    ))
$$;

create or replace function social.opened(viewer uuid, given_key text) returns table (id uuid) language sql stable as $$
  select piece.id
  from social.piece as piece
  join social.piece as root on root.id = piece.root_id
  left join social.piece as within on within.id = piece.within_id
  where (piece.state = 'live' or (piece.owner_id = viewer and piece.state <> 'deleted'))
    and (root.state = 'live' or (root.owner_id = viewer and root.state <> 'deleted'))
    and (within.id is null or within.state = 'live' or (within.owner_id = viewer and within.state <> 'deleted'))
    and (piece.kind <> 'suggestion' or viewer in (piece.owner_id, root.owner_id))
    and (within.kind is distinct from 'suggestion' or viewer in (within.owner_id, root.owner_id))
    and (root.visibility = 'public' or root.owner_id = viewer
      or (root.visibility = 'unlisted' and root.link_key = given_key)
      or exists (
        select from social.collaborator as c
        where c.piece_id = root.id and c.member_id = viewer and c.joined_at is not null
      ))
    and (viewer is null or not exists (
      select from social.block as b
      where (b.blocker_id = viewer and b.blocked_id in (piece.owner_id, root.owner_id, within.owner_id))
        or (b.blocked_id = viewer and b.blocker_id in (piece.owner_id, root.owner_id, within.owner_id))
    ))
$$;
