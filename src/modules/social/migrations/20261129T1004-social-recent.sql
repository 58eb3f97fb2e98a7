-- What was made and felt lately is read by the hour, to find what stands out. A range of the table's pages is all that such
-- an index knows: rows come in the order of their time, and writing them costs next to nothing.
create index piece_made on social.piece using brin (made_at);
create index reaction_at on social.reaction using brin (at);

create function social.recent_pieces(since timestamptz)
returns table (id uuid, kind social.piece_kind, owner_id uuid, made_at timestamptz) language sql stable as $$
  select id, kind, owner_id, made_at from social.piece where made_at > since and owner_id is not null and state <> 'deleted'
$$;
create function social.recent_reactions(since timestamptz)
returns table (member_id uuid, owner_id uuid, piece_id uuid, at timestamptz) language sql stable as $$
  select reaction.member_id, piece.owner_id, piece.id, reaction.at
  from social.reaction join social.piece on piece.id = reaction.piece_id
  where reaction.at > since and piece.owner_id is not null
$$;
