create index photo_made on social.photo using brin (made_at);

-- As `social.recent_pieces`: photos with what they look like, once they are made.
create function social.recent_photos(since timestamptz)
returns table (id uuid, owner_id uuid, looks bigint, made_at timestamptz) language sql stable as $$
  select photo.id, photo.owner_id, media.looks, photo.made_at
  from social.photo join catalog.media on media.id = photo.media_id
  where photo.made_at > since and media.looks is not null
$$;
