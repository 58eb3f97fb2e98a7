import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';

const TAG_LENGTH_MAX = 50;
const TAGS_MAX = 30;
/** Of as many posts of a beginning a suggestion is made: a short one would read the whole table. */
const COUNTED_MAX = 2000;

const MARKED = /(?<![\p{L}\p{N}_&/#])#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)/gu;

/** A tag as all who write it mean it: "#Küche" is "küche". Undefined of what is none. */
export function tagFrom(typed: string): string | undefined {
  const tag = typed.normalize('NFKC').toLowerCase();
  const isTag = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*$/u.test(tag) && !/^[\d_]+$/.test(tag);
  return isTag && tag.length <= TAG_LENGTH_MAX ? tag : undefined;
}

/** The tags in a caption, each once, in the order they stand there. */
export function tagsIn(caption: string): string[] {
  const tags = [...caption.matchAll(MARKED)].flatMap(([, word = '']) => tagFrom(word) ?? []);
  return [...new Set(tags)].slice(0, TAGS_MAX);
}

export async function putTags(tx: Tx, postId: string, tags: readonly string[]): Promise<void> {
  await sql`delete from posts.tag where post_id = ${postId} and tag <> all(${[...tags]}::text[])`.execute(tx);
  await sql`
    insert into posts.tag (tag, post_id) select tag, ${postId} from unnest(${[...tags]}::text[]) as t (tag)
    on conflict do nothing`.execute(tx);
}

/** Tags that begin so, of posts that the viewer may find, those of most posts first. */
export async function tagsLike(
  db: Db,
  viewer: string | undefined,
  beginning: string,
  max = 5,
): Promise<{ tag: string; posts: number }[]> {
  const from = tagFrom(beginning);
  if (from === undefined) return [];
  const { rows } = await sql<{ tag: string; posts: number }>`
    select found.tag, count(*)::integer as posts from (
      select tag, post_id from posts.tag where tag >= ${from} and tag < ${`${from}\u{10FFFF}`}
      order by tag limit ${COUNTED_MAX}
    ) as found
    join social.listed(${viewer ?? null}::uuid) as seen on seen.id = found.post_id
    group by found.tag order by count(*) desc, found.tag limit ${max}`.execute(db);
  return rows;
}
