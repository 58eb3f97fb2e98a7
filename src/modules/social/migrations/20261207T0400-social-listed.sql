-- As it was, but for how those who do not meet are left out: whom the viewer blocked, and who blocked them, is read once
-- for a statement, not for each piece; and a plan for any viewer costs a guest no more than one made for guests, so that it
-- is made once.
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
    and (viewer is null or not array[piece.owner_id, root.owner_id, within.owner_id] && array(
      select blocked_id from social.block where blocker_id = viewer
      union all
      select blocker_id from social.block where blocked_id = viewer
    ))
$$;
