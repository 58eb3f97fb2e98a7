import { Type } from 'typebox';
import { takeUploads, UPLOAD_BODY_BYTES_MAX, UPLOAD_PROBLEMS, uploadIn } from '#modules/catalog/index.ts';
import { identityErrors } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { mayDo } from '../abilities.ts';
import { Picture } from '../answers.ts';
import { socialErrors } from '../errors.ts';
import { addPhoto, describePhoto, photoOf, removePhotos } from '../photos.ts';

const Alt = Type.String({ maxLength: 500, description: 'what is to be seen, for those who can’t' });
const Photo = Type.Object({
  id: Id,
  alt: Type.String(),
  state: Type.Enum(['pending', 'ready', 'refused']),
  picture: Type.Union([Picture, Type.Null()], { description: 'null until it is made' }),
});
const ById = exactly({ id: Id });
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;

export const photoRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db } = deps;
  await takeUploads(app);
  app.put(
    '/photos/:id',
    {
      config: { access: 'member' },
      bodyLimit: UPLOAD_BODY_BYTES_MAX,
      schema: {
        operationId: 'putPhoto',
        summary: 'Uploads a photo of the caller’s; what is shown of it is made by a job',
        consumes: ['multipart/form-data'],
        params: ById,
        querystring: exactly({ alt: Type.Optional(Alt) }),
        response: { 200: Photo, ...problems(...asked, identityErrors.too_many_attempts, ...UPLOAD_PROBLEMS) },
      },
    },
    async (request) => {
      const { memberId = '' } = request.viewer;
      await mayDo(deps, memberId, 'photo');
      const wish = { id: request.params.id, ownerId: memberId, alt: request.query.alt ?? '' };
      return addPhoto(deps, wish, await uploadIn(request));
    },
  );

  app.get(
    '/photos/:id',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'getPhoto',
        params: ById,
        response: { 200: Photo, ...problems(...asked, socialErrors.photo_not_found) },
      },
    },
    ({ viewer: { memberId = '' }, params: { id } }) => photoOf(db, memberId, id),
  );

  app.patch(
    '/photos/:id',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'describePhoto',
        params: ById,
        body: exactly({ alt: Alt }),
        response: { 204: Type.Null(), ...problems(...asked, socialErrors.photo_not_found) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { alt } }, reply) => {
      await inTransaction(db, (tx) => describePhoto(tx, memberId, id, alt));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/photos/:id',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'deletePhoto',
        summary: 'The photo and its files are gone from wherever it was shown',
        params: ById,
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => removePhotos(tx, memberId, [id]));
      return reply.code(204).send(null);
    },
  );
};
