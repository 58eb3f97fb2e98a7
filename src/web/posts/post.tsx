import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  deletePost,
  type PostPage,
  postPage,
  type PostPhoto,
  type ShownProduct,
} from '#modules/posts/index.ts';
import { commentsOf, ownProfile, talliesOf } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { pieceStamp } from '#read/piece-stamp.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Picture, sharedPicture, Thumbnail } from '../components/Picture.tsx';
import { Price } from '../components/Price.tsx';
import type { JsonLdObject } from '../json-ld.tsx';
import { ShareLink } from '../components/ShareLink.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Conversation, ReactionBar } from '../social/conversation.tsx';
import { PersonLink } from '../social/person.tsx';
import { Words } from '../social/words.tsx';
import { captionStart } from './post-cards.tsx';

interface Shown {
  post: PostPage;
  path: string;
  linkKey: string | undefined;
  comments: Awaited<ReturnType<typeof commentsOf>>;
  tally: Parameters<typeof ReactionBar>[0]['tally'];
}

/** A post with its photos, the products in them, and what people say of it. */
export const postPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  const params = Type.Object({ id: Id });
  app.get(
    '/posts/:id',
    page('public', {
      params,
      querystring: Type.Object({ key: Type.Optional(Text(60)), said: Type.Optional(Id) }),
    }),
    async ({ viewer: { memberId }, params: { id }, query: { key, said }, currency }, reply) => {
      const eye = { memberId, key };
      const kept = await reply.kept(() => pieceStamp(reads, eye, id, 'post'));
      if (kept) return kept;
      const post = await postPage(reads, eye, id, currency.prices);
      const [comments, tallies] = await Promise.all([
        commentsOf(reads, eye, id, said),
        talliesOf(reads, memberId, [id]),
      ]);
      const tally = tallies.get(id) ?? { comments: 0, heart: 0, clap: 0, wow: 0, idea: 0, own: null };
      const path = `/posts/${id}${key ? `?key=${key}` : ''}`;
      const shown = { post, path, linkKey: key, comments, tally };
      return reply.page((about) => <PostView page={about} shown={shown} />);
    },
  );

  app.post(
    '/posts/:id/delete',
    page('member', { params }),
    async ({ viewer: { memberId = '', name = '' }, params: { id } }, reply) => {
      const { handle } = await inTransaction(db, async (tx) => {
        await deletePost(tx, memberId, id);
        return ownProfile(tx, memberId, name, now());
      });
      return sendOn(reply, `/@${handle}`, 'posts.deleted');
    },
  );
};

function PostView({ page: about, shown }: { page: Page; shown: Shown }) {
  const { post, path, linkKey, comments, tally } = shown;
  const { id, owner, caption, photos, isOwn, state } = post;
  const by = t('posts.by', { name: owner?.name ?? t('said.somebody') });
  const isPublic = post.visibility === 'public' && state === 'live';
  const subject = { id, kind: 'post' as const, path, linkKey, isOwn };
  const older = comments.cursor && `${path}${path.includes('?') ? '&' : '?'}said=${comments.cursor}#comments`;
  const first = photos.find(({ picture }) => picture)?.picture ?? null;
  return (
    <Layout
      page={about}
      title={captionStart(caption, 60) || by}
      description={captionStart(caption, 160) || by}
      canonical={isPublic ? `/posts/${id}` : undefined}
      index={isPublic}
      image={isPublic ? sharedPicture(first) : undefined}
      kind="article"
      {...(isPublic && { jsonLd: [postFacts(post, about.origin)] })}
    >
      <div class="wrap">
        <article class="post-page">
          <Gallery photos={photos} />
          <div class="post-words">
            {state === 'draft' && <Notice>{t('posts.draft')}</Notice>}
            <h1 class="visually-hidden">{by}</h1>
            <header class="post-by">
              {owner && <PersonLink person={owner} size={40} />}
              <time datetime={post.madeAt.toISOString()}>{about.format.date(post.madeAt)}</time>
              {post.editedAt && <span class="soft small">{t('posts.edited')}</span>}
            </header>
            {caption && <Words text={caption} hasTags people={post.named} />}
            <Products photos={photos} page={about} />
            <Acts post={post} isMember={about.viewer.kind === 'member'} />
            {state === 'live' && <ReactionBar page={about} subject={subject} tally={tally} />}
          </div>
        </article>
        {state === 'live' && (
          <Conversation
            page={about}
            subject={subject}
            comments={comments.comments}
            older={older || undefined}
          />
        )}
      </div>
    </Layout>
  );
}

/** The products of all photos, numbered as their marks are. */
function numbered(photos: readonly PostPhoto[]): Map<ShownProduct, number> {
  return new Map(photos.flatMap(({ products }) => products).map((product, place) => [product, place + 1]));
}

const EAGER_SIZES = '(min-width: 56rem) 42rem, 96vw';

function Gallery({ photos }: { photos: readonly PostPhoto[] }) {
  const numbers = numbered(photos);
  return (
    <div class="post-photos">
      {photos.map(({ id, picture, state, products }, place) => (
        <figure key={id} class="post-photo" id={`photo-${place + 1}`}>
          {picture ? (
            <Picture picture={picture} sizes={EAGER_SIZES} eager={place === 0} />
          ) : (
            <div class="post-waits">
              <p>{t(state === 'refused' ? 'posts.photo.broken' : 'posts.photo.waits')}</p>
            </div>
          )}
          {picture &&
            products.map((product) => {
              const number = numbers.get(product) ?? 0;
              const title = product.card?.title ?? t('posts.product_gone');
              return (
                <a
                  key={product.productId}
                  class="hotspot"
                  href={`#product-${number}`}
                  style={{ insetInlineStart: `${product.x / 10}%`, insetBlockStart: `${product.y / 10}%` }}
                  aria-label={t('posts.spot', { number: String(number), title })}
                >
                  {number}
                </a>
              );
            })}
        </figure>
      ))}
    </div>
  );
}

function Products({ photos, page: { format, currency } }: { photos: readonly PostPhoto[]; page: Page }) {
  const numbers = numbered(photos);
  if (numbers.size === 0) return null;
  return (
    <section aria-labelledby="in-photo" class="post-products">
      <h2 id="in-photo">{t('posts.in_photo')}</h2>
      <ol>
        {[...numbers].map(([{ productId, card }, number]) => (
          <li key={`${productId}${number}`} id={`product-${number}`}>
            <span class="hotspot-number" aria-hidden="true">
              {number}
            </span>
            {card?.picture && <Thumbnail picture={card.picture} />}
            {card ? (
              <span>
                <a href={`/p/${card.slug}`}>{card.title}</a>
                <Price price={card.price} format={format} beside={currency.beside} />
              </span>
            ) : (
              <span class="soft">{t('posts.product_gone')}</span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Acts({ post: { id, isOwn, state, visibility }, isMember }: { post: PostPage; isMember: boolean }) {
  return (
    <div class="board-acts">
      {isMember && state === 'live' && (
        <ButtonLink href={`/save?piece=${id}`} look="plain">
          {t('posts.save_to_board')}
        </ButtonLink>
      )}
      {visibility === 'public' && state === 'live' && (
        <ShareLink name="Post Shared" facts={{ post_id: id }} />
      )}
      {isOwn && (
        <>
          <a class="text-button" href={`/posts/${id}/change`}>
            {t('posts.change')}
          </a>
          <details>
            <summary class="text-button">{t('posts.delete')}</summary>
            <form method="post" action={`/posts/${id}/delete`} class="say-form">
              <p class="soft small">{t('posts.delete.text')}</p>
              <Button look="danger">{t('posts.delete')}</Button>
            </form>
          </details>
        </>
      )}
    </div>
  );
}

function postFacts({ id, caption, owner, madeAt, editedAt, photos }: PostPage, origin: string): JsonLdObject {
  const images = photos.flatMap(({ picture }) => sharedPicture(picture)?.src ?? []);
  return {
    '@type': 'SocialMediaPosting',
    '@id': `${origin}/posts/${id}`,
    url: `${origin}/posts/${id}`,
    headline: captionStart(caption, 110) || t('posts.by', { name: owner?.name ?? t('said.somebody') }),
    ...(caption && { articleBody: caption }),
    datePublished: madeAt.toISOString(),
    ...(editedAt && { dateModified: editedAt.toISOString() }),
    ...(owner && {
      author: { '@type': 'Person', name: owner.name, url: `${origin}/@${owner.handle}` },
    }),
    image: images.map((src) => origin + src),
  };
}
