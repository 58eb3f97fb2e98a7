import { sql } from 'kysely';

const CAPTION_SHOWN = 80;

/** Of `look` or `post`: its title, or how its caption begins, up to the end of a word. */
export const pinnedTitle = sql`coalesce(nullif(look.title, ''),
  case when length(post.caption) <= ${sql.lit(CAPTION_SHOWN)} then post.caption
    else regexp_replace(left(post.caption, ${sql.lit(CAPTION_SHOWN)}), '\\s+\\S*$', '') || '…' end, '')`;

/** Of `look` or `post`: the drawn picture, or the first photo. */
export const pinnedPicture = sql`coalesce(
  (select catalog.picture(look.media_id, look.title)),
  (select catalog.picture(photo.media_id, photo.alt) from posts.photo as shown
    join social.photo on photo.id = shown.photo_id where shown.post_id = post.id order by shown.position limit 1))`;
