import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type ProductCard, searchProducts } from '#modules/catalog/index.ts';
import { postFor, postPage, type PostPhoto, putHotspot, removeHotspot } from '#modules/posts/index.ts';
import { socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Picture, Thumbnail } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';

const FOUND_MAX = 12;
const params = Type.Object({ id: Id, photoId: Id });
const Place = { x: Text(10), y: Text(10) };

/** Says where on a photo products are to be seen: by pointer, by keys, or by typing the place. */
export const markPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads }) => {
  app.get(
    '/posts/:id/photos/:photoId',
    page('member', { params, querystring: Type.Object({ q: Text(100), ...Place }) }),
    async ({ viewer: { memberId = '' }, params: { id, photoId }, query: { q, x, y }, currency }, reply) => {
      const post = await postPage(db, { memberId }, id);
      if (!post.isOwn) throw socialErrors.not_yours({});
      const place = post.photos.findIndex((each) => each.id === photoId);
      const photo = post.photos[place];
      if (!photo) throw socialErrors.photo_not_found({});
      const query = { words: q, limit: FOUND_MAX, ...currency.prices };
      const found = q.trim() === '' ? undefined : (await searchProducts(reads, query)).cards;
      const shown = { id, photo, number: place + 1, q, x: percentFrom(x), y: percentFrom(y), found };
      return reply.page((about) => <MarkPage page={about} shown={shown} />);
    },
  );

  app.post(
    '/posts/:id/photos/:photoId',
    page('member', { params, body: Type.Object({ productId: Id, ...Place }) }),
    async ({ viewer: { memberId = '' }, params: { id, photoId }, body: { productId, x, y } }, reply) => {
      const spot = {
        productId,
        x: Math.round(percentFrom(x) * 10),
        y: Math.round(percentFrom(y) * 10),
      };
      await inTransaction(db, async (tx) => {
        await postFor(tx, memberId, id);
        await putHotspot(tx, id, photoId, spot);
      });
      return sendOn(reply, `/posts/${id}/photos/${photoId}`);
    },
  );

  app.post(
    '/posts/:id/photos/:photoId/off',
    page('member', { params, body: Type.Object({ productId: Id }) }),
    async ({ viewer: { memberId = '' }, params: { id, photoId }, body: { productId } }, reply) => {
      await inTransaction(db, async (tx) => {
        await postFor(tx, memberId, id);
        await removeHotspot(tx, id, photoId, productId);
      });
      return sendOn(reply, `/posts/${id}/photos/${photoId}`);
    },
  );
};

/** A hundredth part with one decimal; the middle where none was given. */
function percentFrom(typed: string): number {
  const number = Number(typed.replace(',', '.'));
  if (typed.trim() === '' || !Number.isFinite(number)) return 50;
  return Math.round(Math.min(Math.max(number, 0), 100) * 10) / 10;
}

interface Shown {
  id: string;
  photo: PostPhoto;
  number: number;
  q: string;
  x: number;
  y: number;
  /** Undefined until somebody searches. */
  found: readonly ProductCard[] | undefined;
}

function MarkPage({ page: about, shown }: { page: Page; shown: Shown }) {
  const { id, photo, number, q, x, y, found } = shown;
  const title = t('posts.mark.title', { number: String(number) });
  const action = `/posts/${id}/photos/${photo.id}`;
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap">
        <header class="board-head">
          <h1>{title}</h1>
          <p>{t('posts.mark.lead')}</p>
        </header>
        <hotspot-picker class="mark-page" data-handle={t('posts.mark.handle')}>
          <div class="post-photo" data-picture>
            {photo.picture ? (
              <Picture picture={photo.picture} sizes="(min-width: 56rem) 36rem, 92vw" eager />
            ) : (
              <p class="post-waits">{t('posts.photo.waits')}</p>
            )}
            {photo.products.map(({ productId, x: left, y: top }, place) => (
              <span
                key={productId}
                class="hotspot"
                aria-hidden="true"
                style={{ insetInlineStart: `${left / 10}%`, insetBlockStart: `${top / 10}%` }}
              >
                {place + 1}
              </span>
            ))}
          </div>
          <div class="mark-forms">
            <form method="get" action={action} class="form" role="search">
              <div class="mark-place">
                <Field
                  name="x"
                  label={t('posts.mark.x')}
                  value={String(x)}
                  input={{ inputmode: 'decimal' }}
                />
                <Field
                  name="y"
                  label={t('posts.mark.y')}
                  value={String(y)}
                  input={{ inputmode: 'decimal' }}
                />
              </div>
              <Field
                name="q"
                type="search"
                label={t('posts.mark.search')}
                value={q}
                input={{ maxlength: 100 }}
              />
              <Button look="plain">{t('posts.mark.find')}</Button>
            </form>
            {found && <Found found={found} action={action} x={x} y={y} />}
            <Marked photo={photo} action={action} />
            <ButtonLink href={`/posts/${id}/change`}>{t('posts.mark.done')}</ButtonLink>
          </div>
        </hotspot-picker>
      </div>
    </Layout>
  );
}

interface FoundProps {
  found: readonly ProductCard[];
  action: string;
  x: number;
  y: number;
}

function Found({ found, action, x, y }: FoundProps) {
  return (
    <section aria-labelledby="found">
      <h2 id="found">{t('posts.mark.found')}</h2>
      {found.length === 0 && <p class="soft">{t('posts.mark.none')}</p>}
      <ul class="mark-found">
        {found.map(({ id, title, picture }) => (
          <li key={id}>
            <form method="post" action={action}>
              <input type="hidden" name="productId" value={id} />
              <input type="hidden" name="x" value={String(x)} />
              <input type="hidden" name="y" value={String(y)} />
              {picture && <Thumbnail picture={picture} />}
              <button type="submit" class="text-button">
                {t('posts.mark.put', { title })}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Marked({ photo: { products }, action }: { photo: PostPhoto; action: string }) {
  return (
    <section aria-labelledby="marked">
      <h2 id="marked">{t('posts.mark.here')}</h2>
      {products.length === 0 && <p class="soft">{t('posts.mark.nothing')}</p>}
      <ol class="mark-found">
        {products.map(({ productId, card }, place) => {
          const title = card?.title ?? t('posts.product_gone');
          return (
            <li key={productId}>
              <form method="post" action={`${action}/off`}>
                <span class="hotspot-number">{place + 1}</span>
                <span>{title}</span>
                <input type="hidden" name="productId" value={productId} />
                <button type="submit" class="text-button" aria-label={t('posts.mark.off', { title })}>
                  {t('posts.mark.off', { title: '' })}
                </button>
              </form>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
