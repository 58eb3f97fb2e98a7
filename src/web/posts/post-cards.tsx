import type { PostCard } from '#modules/posts/index.ts';
import { Picture } from '../components/Picture.tsx';
import { t } from '../messages.ts';

const SIZES = '(min-width: 82rem) 19rem, (min-width: 44rem) 30vw, 46vw';
const WORDS_SHOWN = 120;

export const postPath = ({ id, linkKey }: Pick<PostCard, 'id' | 'linkKey'>) =>
  `/posts/${id}${linkKey ? `?key=${linkKey}` : ''}`;

/** The beginning of a caption, as the name of a link or a page. */
export function captionStart(caption: string, max = WORDS_SHOWN): string {
  const line = caption.replaceAll(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max).replace(/\s\S*$/, '')}…` : line;
}

/** Posts by their first photos, in columns. */
export function PostCards({ posts, byline = true }: { posts: readonly PostCard[]; byline?: boolean }) {
  return (
    <ul class="pins post-cards">
      {posts.map((post) => (
        <li key={post.id} class="pin">
          <article>
            <a href={postPath(post)} class="pin-picture">
              <Picture picture={post.picture} sizes={SIZES} />
              {post.photoCount > 1 && (
                <span class="post-count">{t('posts.count', { count: post.photoCount })}</span>
              )}
              <span class="post-start">
                {captionStart(post.caption) ||
                  t('posts.by', { name: post.owner?.name ?? t('said.somebody') })}
              </span>
            </a>
            {byline && post.owner && (
              <p class="soft small">
                <a href={`/@${post.owner.handle}`}>{post.owner.name}</a>
              </p>
            )}
          </article>
        </li>
      ))}
    </ul>
  );
}
