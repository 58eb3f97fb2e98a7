import { Type } from 'typebox';
import { socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { postErrors } from '../errors.ts';
import { POST_PHOTOS_MAX, putHotspot, putPhotos, removeHotspot } from '../photos.ts';
import { postFor } from '../post.ts';
import { Spot } from './answers.ts';

const member = { config: { access: 'member' } } as const;
const refusals = [
  platformErrors.sign_in_required,
  platformErrors.not_allowed,
  socialErrors.piece_not_found,
  socialErrors.not_yours,
] as const;
const ByProduct = exactly({ id: Id, photoId: Id, productId: Id });

type Routes = NonNullable<Module['routes']>;

const orderRoutes: Routes = async (app, { db }) => {
  app.put(
    '/posts/:id/photos',
    {
      ...member,
      schema: {
        operationId: 'putPostPhotos',
        summary: 'Which photos it has, in their order; those that it has no more are deleted',
        params: exactly({ id: Id }),
        body: exactly({
          photoIds: Type.Array(Id, { minItems: 1, maxItems: POST_PHOTOS_MAX, uniqueItems: true }),
        }),
        response: {
          204: Type.Null(),
          ...problems(...refusals, socialErrors.photo_not_found, postErrors.photo_taken),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { photoIds } }, reply) => {
      await inTransaction(db, async (tx) => {
        await postFor(tx, memberId, id);
        await putPhotos(tx, memberId, id, photoIds);
      });
      return reply.code(204).send(null);
    },
  );
};

const hotspotRoutes: Routes = async (app, { db }) => {
  app.put(
    '/posts/:id/photos/:photoId/products/:productId',
    {
      ...member,
      schema: {
        operationId: 'putHotspot',
        summary: 'Says where on a photo a product is to be seen; again moves it',
        params: ByProduct,
        body: exactly(Spot),
        response: {
          204: Type.Null(),
          ...problems(
            ...refusals,
            socialErrors.photo_not_found,
            postErrors.product_not_found,
            postErrors.hotspots_too_many,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id, photoId, productId }, body }, reply) => {
      await inTransaction(db, async (tx) => {
        await postFor(tx, memberId, id);
        await putHotspot(tx, id, photoId, { productId, ...body });
      });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/posts/:id/photos/:photoId/products/:productId',
    {
      ...member,
      schema: {
        operationId: 'removeHotspot',
        params: ByProduct,
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id, photoId, productId } }, reply) => {
      await inTransaction(db, async (tx) => {
        await postFor(tx, memberId, id);
        await removeHotspot(tx, id, photoId, productId);
      });
      return reply.code(204).send(null);
    },
  );
};

export const photoRoutes: Routes = async (app, deps) => {
  await orderRoutes(app, deps);
  await hotspotRoutes(app, deps);
};
