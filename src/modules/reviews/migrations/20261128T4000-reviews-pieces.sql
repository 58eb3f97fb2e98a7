-- A review is a piece like any other: who sees it, and whether it is live, says `social.piece` under the same id.
insert into social.piece (id, kind, owner_id, root_id, visibility, state, made_at)
select review.id, 'review', member.id, review.id, 'public', 'live', review.written_at
from reviews.review
left join identity.customer on customer.id = review.customer_id
left join identity.member on member.id = customer.member_id and member.erased_at is null;
alter table reviews.review add foreign key (id) references social.piece (id) on delete restrict;

-- How likely it is, by the votes, that the next one finds it helpful: the lower bound of Wilson's interval at 95 %.
create function reviews.wilson(yes integer, no integer) returns double precision language sql immutable strict as $$
  select case when yes + no = 0 then 0 else round(((
    yes::double precision / (yes + no) + 1.9208 / (yes + no)
      - 1.96 * sqrt(yes::double precision * no / (yes + no) + 0.9604) / (yes + no)
  ) / (1 + 3.8416 / (yes + no)))::numeric, 9)::double precision end
$$;

alter table reviews.review
  -- By code of `reviews.aspect`: stars for the product's own dimensions, and who the author said they are to it.
  add dimensions jsonb not null default '{}',
  add traits jsonb not null default '{}',
  add photo_ids uuid[] not null default '{}' check (cardinality(photo_ids) <= 6),
  -- What its author got for writing, whatever they wrote: said by who asked for it, before it was written.
  add incentive text check (incentive in ('sample', 'discount', 'points', 'staff')),
  add edited_at timestamptz,
  add helpful integer not null default 0 check (helpful >= 0),
  add unhelpful integer not null default 0 check (unhelpful >= 0),
  add wilson double precision not null generated always as (reviews.wilson(helpful, unhelpful)) stored;
comment on column reviews.review.title is 'personal';
comment on column reviews.review.body is 'personal';
comment on column reviews.review.author_name is 'personal';

-- Serves a product page in its other orders; review_of_product is the newest first.
create index review_by_help on reviews.review (product_id, wilson desc, written_at desc, id desc);
create index review_by_stars on reviews.review (product_id, rating, written_at desc, id desc);
create index review_of_customer on reviews.review (customer_id, product_id) where customer_id is not null;

-- What it said before it was changed.
create table reviews.review_version (
  review_id uuid references reviews.review (id) on delete restrict,
  version integer check (version > 0),
  rating integer not null,
  title text not null,
  body text not null,
  dimensions jsonb not null,
  replaced_at timestamptz not null,
  primary key (review_id, version)
);
comment on column reviews.review_version.title is 'personal';
comment on column reviews.review_version.body is 'personal';

-- What a form asks beside stars and words: of products of a category and all below it, or of every product.
create type reviews.aspect_kind as enum ('dimension', 'trait');
create table reviews.aspect (
  id uuid primary key,
  category_id uuid references catalog.category (id) on delete restrict,
  kind reviews.aspect_kind not null,
  code text not null check (code ~ '^[a-z0-9]+(_[a-z0-9]+)*$' and length(code) <= 40),
  name text not null check (length(name) between 1 and 60),
  -- Of a dimension: what one star and five stars mean. Of a trait: what one chooses from.
  options text[] not null check (cardinality(options) between 2 and 20),
  position integer not null default 0,
  unique nulls not distinct (category_id, code),
  check (kind = 'trait' or cardinality(options) = 2)
);

-- What a member said of themselves, kept for the next form.
create table reviews.member_trait (
  member_id uuid references identity.member (id) on delete restrict,
  code text,
  value text not null check (length(value) <= 60),
  primary key (member_id, code)
);

-- Of the live reviews, as `reviews.rating`: by dimension.
create table reviews.dimension_rating (
  product_id uuid references catalog.product (id) on delete restrict,
  code text,
  review_count integer not null check (review_count >= 0),
  rating_sum integer not null check (rating_sum >= 0),
  primary key (product_id, code)
);

-- Whether it helped: one of each member for a review or an answer.
create table reviews.vote (
  piece_id uuid references social.piece (id) on delete restrict,
  member_id uuid references identity.member (id) on delete restrict,
  is_helpful boolean not null,
  at timestamptz not null,
  primary key (piece_id, member_id)
);
create index vote_of_member on reviews.vote (member_id, piece_id);

create table reviews.question (
  id uuid primary key references social.piece (id) on delete restrict,
  product_id uuid not null references catalog.product (id) on delete restrict,
  body text not null check (length(body) <= 1000),
  answer_count integer not null default 0 check (answer_count >= 0), -- live ones
  asked_at timestamptz not null
);
create index question_of_product on reviews.question (product_id, asked_at desc, id desc);
create index question_unanswered on reviews.question (asked_at, id) where answer_count = 0;
comment on column reviews.question.body is 'personal';

create table reviews.question_follow (
  question_id uuid references reviews.question (id) on delete restrict,
  member_id uuid references identity.member (id) on delete restrict,
  since timestamptz not null,
  primary key (question_id, member_id)
);
create index question_follow_of_member on reviews.question_follow (member_id);

-- As whom somebody answers: as one who bought it here, for its maker, for the shop, or for themselves.
create type reviews.voice as enum ('member', 'buyer', 'maker', 'retailer');
-- What is said to a question; to a review only maker and retailer answer.
create table reviews.answer (
  id uuid primary key references social.piece (id) on delete restrict,
  subject_id uuid not null references social.piece (id) on delete restrict,
  voice reviews.voice not null,
  body text not null check (length(body) <= 4000),
  answered_at timestamptz not null,
  helpful integer not null default 0 check (helpful >= 0),
  unhelpful integer not null default 0 check (unhelpful >= 0),
  wilson double precision not null generated always as (reviews.wilson(helpful, unhelpful)) stored
);
create index answer_of_subject on reviews.answer (subject_id, wilson desc, id);
comment on column reviews.answer.body is 'personal';

-- How the shop takes reviews.
create table reviews.setting (
  singleton boolean primary key default true check (singleton),
  takes_unverified boolean not null default true, -- of who has not bought it here
  asks_after_days integer check (asks_after_days between 0 and 180), -- after delivery; null: nobody is asked
  incentive text check (incentive in ('sample', 'discount', 'points', 'staff')) -- what those asked get, whatever they say
);
insert into reviews.setting (asks_after_days) values (14);

-- What buyers have in their hands, as fulfilment told: they may review it, and are asked when others ask about it.
create table reviews.received (
  order_line_id uuid primary key references orders.order_line (id) on delete restrict,
  order_id uuid not null references orders.order (id) on delete restrict,
  product_id uuid not null references catalog.product (id) on delete restrict,
  customer_id uuid references identity.customer (id) on delete restrict,
  received_at timestamptz not null
);
create index received_of_product on reviews.received (product_id, received_at desc);
create index received_of_customer on reviews.received (customer_id, product_id);
create index received_of_order on reviews.received (order_id);
insert into reviews.received (order_line_id, order_id, product_id, customer_id, received_at)
select line.id, line.order_id, line.product_id, ordered.customer_id, min(sent.delivered_at)
from orders.shipped_line as sent
join orders.order_line as line on line.id = sent.order_line_id
join orders.order as ordered on ordered.id = line.order_id
where sent.delivered_at is not null and line.product_id is not null and line.kind = 'goods'
group by line.id, ordered.id;

-- One word of each member who has not bought it here; of who has, one for each line that they bought.
alter table reviews.review add unverified_by uuid references identity.member (id) on delete restrict;
alter table reviews.review add check (unverified_by is null or order_line_id is null);
alter table reviews.review add constraint unverified_once unique (product_id, unverified_by);
