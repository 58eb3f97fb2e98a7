-- A look, a post or a review: their makers' others may still come.
alter type feed.less_kind add value 'piece';

-- Search reads words where they stand, as of boards and people.
create index look_words on looks.look using gin (to_tsvector('simple', title || ' ' || words));
create index post_words on posts.post using gin (to_tsvector('simple', caption));
