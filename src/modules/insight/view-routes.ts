import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { insightErrors } from './errors.ts';
import { ADDRESS, ADDRESS_MAX, deleteView, savedViews, saveView, VIEW_NAME_MAX } from './saved-views.ts';

const OneView = exactly({ id: Id });
const Name = Type.String({ minLength: 1, maxLength: VIEW_NAME_MAX });
const Address = Type.String({
  maxLength: ADDRESS_MAX,
  pattern: ADDRESS.source,
  description: 'A page of the desk with what it is asked, without the host',
});

/** The views that a member of staff keeps: each sees their own. */
export const viewRoutes: NonNullable<Module['routes']> = async (app, { db, reads, now }) => {
  app.get(
    '/views',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'listSavedViews',
        response: {
          200: Type.Array(
            Type.Object({
              id: Id,
              name: Name,
              address: Address,
              savedAt: Type.String({ format: 'date-time' }),
            }),
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' } }) => {
      const views = await savedViews(reads, memberId);
      return views.map((view) => ({ ...view, savedAt: view.savedAt.toISOString() }));
    },
  );

  app.put(
    '/views/:id',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'saveView',
        description:
          'Keeps a page of figures under a name. The same again is a retry; another name is another view.',
        params: OneView,
        body: exactly({ name: Name, address: Address }),
        response: {
          204: Type.Null(),
          ...problems(
            insightErrors.view_unfit,
            insightErrors.view_differs,
            insightErrors.view_name_taken,
            insightErrors.views_full,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => saveView(tx, memberId, { id, ...body }, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/views/:id',
    {
      config: { access: 'staff' },
      schema: { operationId: 'deleteView', params: OneView, response: { 204: Type.Null() } },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => deleteView(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};
