-- As `social.recent_reactions`: who found whose words helpful, and who reviewed what.
create index vote_at on reviews.vote using brin (at);
create index review_at on reviews.review using brin (written_at);

create function reviews.recent_votes(since timestamptz)
returns table (member_id uuid, owner_id uuid, piece_id uuid, at timestamptz) language sql stable as $$
  select vote.member_id, piece.owner_id, piece.id, vote.at
  from reviews.vote join social.piece on piece.id = vote.piece_id
  where vote.at > since and vote.is_helpful and piece.owner_id is not null
$$;
create function reviews.recent_reviews(since timestamptz)
returns table (piece_id uuid, owner_id uuid, product_id uuid, at timestamptz) language sql stable as $$
  select review.id, piece.owner_id, review.product_id, review.written_at
  from reviews.review join social.piece on piece.id = review.id
  where review.written_at > since and piece.owner_id is not null and piece.state <> 'deleted'
$$;
