-- Which organization speaks for a brand, from when on and until when. Rows end; they are not taken away.
create table reviews.brand_voice (
  id uuid primary key,
  brand_id uuid not null references catalog.brand (id) on delete restrict,
  organization_id uuid not null references identity.organization (id) on delete restrict,
  from_at timestamptz not null,
  until_at timestamptz, -- null: until somebody ends it
  check (until_at >= from_at)
);
create unique index brand_voice_open on reviews.brand_voice (brand_id, organization_id) where until_at is null;
create index brand_voice_of_organization on reviews.brand_voice (organization_id);

-- Whom an answer was given for. Of a maker it is named beside it, whoever speaks for the brand later.
alter table reviews.answer add organization_id uuid references identity.organization (id) on delete restrict;
alter table reviews.answer add check ((voice = 'maker') = (organization_id is not null));

-- When the shop and the maker first answered a review: null is what still waits for them.
alter table reviews.review add retailer_replied_at timestamptz, add maker_replied_at timestamptz;
update reviews.review set retailer_replied_at = said.at
from (
  select subject_id, min(answered_at) as at from reviews.answer join social.piece on piece.id = answer.id
  where voice = 'retailer' and piece.state = 'live' group by subject_id
) as said
where review.id = said.subject_id;

-- Serve the lists of reviews without an answer: all of the shop's, and those of a maker's products.
create index review_unreplied on reviews.review (written_at desc, id desc) where retailer_replied_at is null;
create index review_unreplied_by_maker on reviews.review (product_id, written_at desc, id desc)
  where maker_replied_at is null;
-- Serves a maker's list of questions that nobody has answered.
create index question_unanswered_of_product on reviews.question (product_id, asked_at, id) where answer_count = 0;
