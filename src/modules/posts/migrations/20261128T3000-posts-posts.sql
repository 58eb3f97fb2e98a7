create schema posts;

-- Photos with a caption. Whose it is, who sees it and whether it is out says `social.piece` under the same id.
create table posts.post (
  id uuid primary key references social.piece (id) on delete restrict,
  caption text not null default '' check (length(caption) <= 10000),
  is_shared boolean not null, -- its owner lets it stand on the pages of the products that it shows
  edited_at timestamptz -- since it was out
);
comment on column posts.post.caption is 'personal';

-- A photo stands in one post. Its words for those who can't see it are the photo's own.
create table posts.photo (
  photo_id uuid primary key references social.photo (id) on delete restrict,
  post_id uuid not null references posts.post (id) on delete restrict,
  position integer not null check (position between 0 and 9),
  unique (post_id, photo_id)
);
create index photo_of_post on posts.photo (post_id, position);

-- Where a product is to be seen, in thousandths of the photo's width and height.
create table posts.hotspot (
  post_id uuid not null,
  photo_id uuid,
  product_id uuid references catalog.product (id) on delete restrict,
  x integer not null check (x between 0 and 1000),
  y integer not null check (y between 0 and 1000),
  primary key (photo_id, product_id),
  foreign key (post_id, photo_id) references posts.photo (post_id, photo_id) on delete restrict
);
create index hotspot_of_product on posts.hotspot (product_id, post_id desc);
create index hotspot_of_post on posts.hotspot (post_id);

-- The words after "#" of a caption, made the same for all who write them.
create table posts.tag (
  tag text collate "C" check (length(tag) between 1 and 50), -- by code points, so that beginnings are found
  post_id uuid references posts.post (id) on delete restrict,
  primary key (tag, post_id)
);
create index tag_of_post on posts.tag (post_id);
comment on column posts.tag.tag is 'personal';
