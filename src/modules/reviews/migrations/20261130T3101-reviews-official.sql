-- Who answers for the shop or a maker says the same to many, and that is their work: what looks for copies leaves it out.
create index answer_at on reviews.answer using brin (answered_at);

create function reviews.recent_official_answers(since timestamptz)
returns table (piece_id uuid) language sql stable as $$
  select id from reviews.answer where answered_at > since and voice in ('retailer', 'maker')
$$;
