import { type PostCards as Found, postList } from '#modules/posts/index.ts';
import type { Db } from '#platform/db.ts';
import { t } from '../messages.ts';
import { PostCards } from './post-cards.tsx';

const SHOWN = 8;

/** The newest posts in which a product is to be seen, with their owners' consent. */
export const postsShowing = (reads: Db, viewer: string | undefined, productId: string): Promise<Found> =>
  postList(reads, viewer, { productId }, { max: SHOWN });

/** Posts in which a product is to be seen, as the viewer may find them; nothing where there are none. */
export function SeenInPosts({ slug, found: { posts, cursor } }: { slug: string; found: Found }) {
  if (posts.length === 0) return null;
  return (
    <div class="wrap">
      <section class="section" aria-labelledby="posts">
        <div class="section-head">
          <h2 id="posts">{t('posts.seen')}</h2>
          {cursor && <a href={`/p/${slug}/posts`}>{t('posts.seen.all')}</a>}
        </div>
        <PostCards posts={posts} />
      </section>
    </div>
  );
}
