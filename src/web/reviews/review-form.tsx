import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { catalogErrors, productInShop, UPLOAD_BODY_BYTES_MAX } from '#modules/catalog/index.ts';
import {
  aspectsOf,
  type Author,
  authorFor,
  changeReview,
  deleteReview,
  REVIEW_PHOTOS_MAX,
  reviewById,
  reviewErrors,
  traitsOf,
  writeReview,
} from '#modules/reviews/index.ts';
import { mayDo, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id, Slug } from '#platform/schema.ts';
import { t } from '../messages.ts';
import { page, sendOn, Text } from '../page.ts';
import { type Fault, type FormView, ReviewFormPage } from './review-fields.tsx';
import { FIELD_BYTES_MAX, photosIn, reviewIn, type Sent } from './review-sent.ts';

const BODY_LIMIT = REVIEW_PHOTOS_MAX * UPLOAD_BODY_BYTES_MAX;
const Token = Type.Object({ order: Text(200) });
const FAULTS: Record<string, () => Fault> = {
  [reviewErrors.already_reviewed.code]: () => ({ field: 'form', text: t('review.fault.again') }),
  [reviewErrors.only_buyers.code]: () => ({ field: 'form', text: t('review.fault.only_buyers') }),
  [reviewErrors.mark_unknown.code]: () => ({ field: 'rating', text: t('review.fault.stars') }),
  [socialErrors.words_too_long.code]: () => ({ field: 'body', text: t('review.fault.long') }),
  [socialErrors.words_missing.code]: () => ({ field: 'name', text: t('review.fault.name') }),
  ...Object.fromEntries(
    (['media_too_large', 'media_type_refused', 'media_broken', 'media_size_refused'] as const).map((code) => [
      catalogErrors[code].code,
      () => ({ field: 'photos', text: t('review.fault.photo', { max: REVIEW_PHOTOS_MAX }) }) as const,
    ]),
  ),
};

/** Writing a review and changing it: by members, and by whoever holds the link of an order. */
export const reviewForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const limits = { fileSize: UPLOAD_BODY_BYTES_MAX, files: REVIEW_PHOTOS_MAX, fields: 60, parts: 66 };
  await app.register(multipart, { limits: { ...limits, fieldSize: FIELD_BYTES_MAX, headerPairs: 20 } });
  await app.register(writingForm, { ...deps, prefix: '' });
  await app.register(changingForm, { ...deps, prefix: '' });
};

const EMPTY = { rating: 0, title: '', body: '', dimensions: {}, traits: {} };

/** The form again, with what was typed and what is wrong with it; what is no fault of the form is thrown. */
function again(reply: FastifyReply, error: unknown, view: Omit<FormView, 'fault'>) {
  const fault = error instanceof AppError ? FAULTS[error.code]?.() : undefined;
  if (!fault || !(error instanceof AppError)) throw error;
  void reply.code(error.status);
  return reply.page((about) => <ReviewFormPage page={about} view={{ ...view, fault }} />);
}

const starless = (sent: Sent): void => {
  const { rating } = sent.words;
  if (!Number.isInteger(rating) || rating < 1 || rating > 5)
    throw reviewErrors.mark_unknown({ code: 'rating' });
};

const writingForm: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const schema = { params: Type.Object({ slug: Slug }), querystring: Token };
  const asked = async (slug: string) => {
    const product = await productInShop(reads, { slug });
    if (!product) throw reviewErrors.product_not_found({});
    return { product, aspects: await aspectsOf(reads, product) };
  };
  const path = (slug: string, order: string) =>
    `/p/${slug}/review${order ? `?order=${encodeURIComponent(order)}` : ''}`;

  app.get('/p/:slug/review', page('public', schema), async (request, reply) => {
    const { viewer, params, query, ip: address } = request;
    const { slug } = params;
    const token = query.order || undefined;
    const author = await authorFor(deps, { memberId: viewer.memberId, token, address });
    if (!author) return reply.redirect(`/sign-in?next=${encodeURIComponent(path(slug, ''))}`, 303);
    reply.header('referrer-policy', 'same-origin'); // the address may be all that proves who bought it
    const traits = 'memberId' in author ? await traitsOf(reads, author.memberId) : {};
    const view = {
      ...(await asked(slug)),
      id: newId(),
      action: path(slug, query.order),
      isGuest: 'orderId' in author,
      typed: { ...EMPTY, traits },
      name: '',
      photos: [],
      isNew: true,
    };
    return reply.page((about) => <ReviewFormPage page={about} view={view} />);
  });

  app.post(
    '/p/:slug/review',
    { ...page('public', schema), bodyLimit: BODY_LIMIT },
    async (request, reply) => {
      const { viewer, params, query, ip: address } = request;
      const token = query.order || undefined;
      const author = await authorFor(deps, { memberId: viewer.memberId, token, address });
      if (!author) return reply.redirect(`/sign-in?next=${encodeURIComponent(path(params.slug, ''))}`, 303);
      const { product, aspects } = await asked(params.slug);
      const sent = await reviewIn(request);
      const view = { product, aspects, id: sent.id, action: path(params.slug, query.order) };
      try {
        starless(sent);
        const by: Author = 'orderId' in author ? { ...author, name: sent.name } : author;
        const memberId = 'memberId' in by ? by.memberId : undefined;
        if (memberId !== undefined) await mayDo(deps, memberId, 'review');
        const photoIds = memberId === undefined ? [] : await photosIn(deps, memberId, sent);
        const wish = { ...sent.words, id: sent.id, productId: product.id, photoIds };
        await inTransaction(db, async (tx) => {
          if (memberId !== undefined) await ownProfile(tx, memberId, viewer.name ?? '', now());
          await writeReview(tx, by, wish, now());
        });
      } catch (error) {
        const isGuest = 'orderId' in author;
        const typed = { typed: sent.words, name: sent.name, photos: [], isNew: true, isGuest };
        return again(reply, error, { ...view, ...typed });
      }
      return sendOn(reply, `/p/${params.slug}?sort=newest#reviews`, 'review.saved');
    },
  );
};

const changingForm: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const schema = { params: Type.Object({ id: Id }) };
  const ownReview = async (memberId: string, id: string) => {
    const review = await reviewById(db, memberId, id);
    const product = review?.isOwn ? await productInShop(reads, { id: review.productId }) : undefined;
    if (!review || !product) throw reviewErrors.review_not_found({});
    const photos = review.photoIds.map((photoId, n) => ({ id: photoId, number: n + 1 }));
    const aspects = await aspectsOf(reads, product);
    return {
      id,
      review,
      product,
      aspects,
      photos,
      action: `/reviews/${id}/change`,
      isNew: false,
      isGuest: false,
    };
  };

  app.get(
    '/reviews/:id/change',
    page('member', schema),
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      const { review, ...view } = await ownReview(memberId, id);
      return reply.page((about) => (
        <ReviewFormPage page={about} view={{ ...view, typed: review, name: '' }} />
      ));
    },
  );

  app.post(
    '/reviews/:id/change',
    { ...page('member', schema), bodyLimit: BODY_LIMIT },
    async (request, reply) => {
      const {
        viewer: { memberId = '' },
        params: { id },
      } = request;
      const { review: _review, ...view } = await ownReview(memberId, id);
      const sent = await reviewIn(request);
      try {
        starless(sent);
        await mayDo(deps, memberId, 'review');
        const photoIds = await photosIn(deps, memberId, { ...sent, id });
        const author = { memberId, customerId: undefined };
        await inTransaction(db, (tx) => changeReview(tx, author, id, { ...sent.words, photoIds }, now()));
      } catch (error) {
        return again(reply, error, { ...view, typed: sent.words, name: '' });
      }
      return sendOn(reply, `/p/${view.product.slug}?sort=newest#review-${id}`, 'review.changed');
    },
  );

  app.post(
    '/reviews/:id/delete',
    page('member', schema),
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      const { product } = await ownReview(memberId, id);
      await inTransaction(db, (tx) => deleteReview(tx, { memberId, customerId: undefined }, id));
      return sendOn(reply, `/p/${product.slug}#reviews`, 'words.deleted');
    },
  );
};
