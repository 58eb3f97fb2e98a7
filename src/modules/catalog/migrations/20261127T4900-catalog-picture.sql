-- A picture as pages show it, for the statements of every module; null until it is ready, and when there is none.
create function catalog.picture(media_id uuid, alt text) returns json language sql stable as $$
  select json_build_object('alt', alt, 'sha256', sha256, 'width', width, 'height', height, 'colour', colour,
    'files', files)
  from catalog.media where id = media_id and state = 'ready'
$$;
