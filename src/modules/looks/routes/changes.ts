import { Type } from 'typebox';
import { socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { changeOf, dropChange, keepChange } from '../change.ts';
import { lookErrors } from '../errors.ts';
import { Colour, LayoutParts } from '../layout-schema.ts';
import { TITLE_MAX, WORDS_MAX } from '../look.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const refused = [
  platformErrors.sign_in_required,
  platformErrors.not_allowed,
  socialErrors.piece_not_found,
  lookErrors.look_not_yours,
] as const;
const ById = exactly({ id: Id });
const Wish = {
  title: Type.String({ maxLength: TITLE_MAX }),
  words: Type.String({ maxLength: WORDS_MAX }),
  ground: Colour,
  visibility: Type.Enum(['public', 'unlisted', 'secret']),
  ...LayoutParts,
};

const readingRoutes: Routes = async (app, { reads }) => {
  app.get(
    '/looks/:id/change',
    {
      ...member,
      schema: {
        operationId: 'getLookChange',
        summary:
          'The change of a look of the caller’s that is kept and not shown yet; null where there is none',
        params: ById,
        response: {
          200: Type.Object({
            change: Type.Union([
              Type.Object({ ...Wish, keptAt: Type.Unsafe<Date>(Type.String({ format: 'date-time' })) }),
              Type.Null(),
            ]),
          }),
          ...problems(...refused),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }) => {
      const change = await changeOf(reads, memberId, id);
      return { change: change ?? null };
    },
  );
};

const keepingRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/looks/:id/change',
    {
      ...member,
      schema: {
        operationId: 'keepLookChange',
        summary: 'Keeps a change of a look that is shown; `saveLook` shows it, or another',
        params: ById,
        body: exactly({
          ...Wish,
          version: Type.Integer({
            minimum: 1,
            maximum: 2_147_483_647,
            description: 'of the look that is changed',
          }),
        }),
        response: {
          204: Type.Null(),
          ...problems(
            ...refused,
            socialErrors.words_too_long,
            lookErrors.look_changed,
            lookErrors.product_not_found,
            lookErrors.scene_not_found,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => keepChange(tx, memberId, id, body, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/looks/:id/change',
    {
      ...member,
      schema: {
        operationId: 'dropLookChange',
        summary: 'Drops what was changed and not shown',
        params: ById,
        response: {
          204: Type.Null(),
          ...problems(...refused),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => dropChange(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};

/** What a maker has changed of a look that is shown, before they show it. */
export const changeRoutes: Routes = async (app, deps) => {
  await readingRoutes(app, deps);
  await keepingRoutes(app, deps);
};
