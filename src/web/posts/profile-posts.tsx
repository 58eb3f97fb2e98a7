import type { PostCards as Found } from '#modules/posts/index.ts';
import type { Profile } from '#modules/social/index.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { t } from '../messages.ts';
import { PostCards } from './post-cards.tsx';

/** Somebody's newest posts on their page; of others nothing where there are none. */
export function ProfilePosts({
  profile: { handle, isSelf },
  found: { posts, cursor },
}: {
  profile: Profile;
  found: Found;
}) {
  if (posts.length === 0 && !isSelf) return null;
  return (
    <section class="section" aria-labelledby="posts">
      <div class="section-head">
        <h2 id="posts">{t('posts.title')}</h2>
        {isSelf && (
          <ButtonLink href="/posts/new" look="plain">
            {t('posts.new')}
          </ButtonLink>
        )}
      </div>
      {posts.length === 0 ? (
        <EmptyState title={t('posts.none')} text={t('posts.none.text')} />
      ) : (
        <PostCards posts={posts} byline={false} />
      )}
      {cursor && (
        <p>
          <a href={`/@${handle}/posts`}>{t('posts.all')}</a>
        </p>
      )}
    </section>
  );
}
