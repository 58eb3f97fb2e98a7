import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  BOARD_NAME_MAX,
  boardErrors,
  changeBoard,
  deleteBoard,
  DESCRIPTION_MAX,
  makeBoard,
  type Visibility,
} from '#modules/boards/index.ts';
import { mayDo, ownProfile } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { boardPage } from '#read/board-page.ts';
import { Button } from '../components/Button.tsx';
import { Field, TextArea } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';

const VISIBILITIES: readonly Visibility[] = ['public', 'unlisted', 'secret'];
const Typed = {
  name: Text(BOARD_NAME_MAX),
  description: Text(DESCRIPTION_MAX),
  visibility: Type.Enum([...VISIBILITIES]),
};

interface BoardTyped {
  name: string;
  description: string;
  visibility: Visibility;
}

/** The forms that make, change and delete a board. */
export const boardForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const EMPTY: BoardTyped = { name: '', description: '', visibility: 'public' };
  app.get('/boards/new', page('member'), async (_request, reply) =>
    reply.page((about) => <NewPage page={about} id={newId()} typed={EMPTY} />),
  );

  app.post(
    '/boards/new',
    page('member', { body: Type.Object({ id: Id, ...Typed }) }),
    async ({ viewer: { memberId = '', name = '' }, body: { id, ...typed } }, reply) => {
      await mayDo(deps, memberId, 'board');
      try {
        await inTransaction(db, async (tx) => {
          await ownProfile(tx, memberId, name, now());
          await makeBoard(tx, memberId, id, typed, now());
        });
      } catch (error) {
        if (!isNameless(error)) throw error;
        void reply.code(error.status);
        return reply.page((about) => (
          <NewPage page={about} id={id} typed={typed} fault={t('boards.fault.name')} />
        ));
      }
      return sendOn(reply, `/boards/${id}`, 'boards.made');
    },
  );

  await app.register(changeForms, deps);
};

const changeForms: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  const params = Type.Object({ id: Id });
  app.get(
    '/boards/:id/change',
    page('member', { params }),
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      const board = await boardPage(reads, { memberId }, id, {});
      if (board.standing === 'onlooker' || board.standing === 'contributor')
        throw boardErrors.board_not_yours({});
      const isOwner = board.standing === 'owner';
      return reply.page((about) => (
        <ChangePage page={about} id={id} typed={board} now={board} isOwner={isOwner} />
      ));
    },
  );

  app.post(
    '/boards/:id/change',
    page('member', {
      params,
      body: Type.Object({
        ...Typed,
        wasName: Type.Optional(Text(BOARD_NAME_MAX)),
        wasDescription: Type.Optional(Text(DESCRIPTION_MAX)),
      }),
    }),
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      const { wasName, wasDescription, ...typed } = body;
      const board = await boardPage(reads, { memberId }, id, {});
      const was = wasName === undefined ? undefined : { name: wasName, description: wasDescription ?? '' };
      // What was left as it was says nothing about what another has changed meanwhile.
      const { name, description, ...wish } = typed;
      const words = {
        ...(name !== was?.name && { name }),
        ...(description !== was?.description && { description }),
      };
      try {
        await inTransaction(db, (tx) => changeBoard(tx, { memberId }, id, { ...words, ...wish, was }, now()));
      } catch (error) {
        if (!isNameless(error) && !isMet(error)) throw error;
        void reply.code(error.status);
        const fault = t(isMet(error) ? 'boards.fault.changed' : 'boards.fault.name');
        const shown = { id, typed, now: board, isOwner: board.standing === 'owner', fault };
        return reply.page((about) => <ChangePage page={about} {...shown} />);
      }
      return sendOn(reply, `/boards/${id}`, 'boards.changed');
    },
  );

  app.post(
    '/boards/:id/delete',
    page('member', { params }),
    async ({ viewer: { memberId = '', name = '' }, params: { id } }, reply) => {
      const { handle } = await inTransaction(db, async (tx) => {
        await deleteBoard(tx, memberId, id);
        return ownProfile(tx, memberId, name, now());
      });
      return sendOn(reply, `/@${handle}`, 'boards.deleted');
    },
  );
};

const isNameless = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === boardErrors.name_missing.code;

const isMet = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === boardErrors.changed_meanwhile.code;

interface FormProps {
  page: Page;
  id: string;
  typed: BoardTyped;
  fault?: string;
}

function NewPage({ page: about, id, typed, fault }: FormProps) {
  return (
    <Layout page={about} title={t('boards.new')} index={false}>
      <div class="wrap account">
        <h1>{t('boards.new')}</h1>
        <form method="post" action="/boards/new" class="form">
          <input type="hidden" name="id" value={id} />
          <BoardFields typed={typed} fault={fault} />
          <Button>{t('boards.make')}</Button>
        </form>
      </div>
    </Layout>
  );
}

interface ChangeProps extends FormProps {
  isOwner: boolean;
  /** What the board says while the form is shown: what was changed since is not written over. */
  now: Pick<BoardTyped, 'name' | 'description'>;
}

function ChangePage({ page: about, id, typed, now, isOwner, fault }: ChangeProps) {
  return (
    <Layout page={about} title={t('boards.change')} index={false}>
      <div class="wrap account">
        <h1>{t('boards.change')}</h1>
        <form method="post" action={`/boards/${id}/change`} class="form">
          <input type="hidden" name="wasName" value={now.name} />
          <input type="hidden" name="wasDescription" value={now.description} />
          {fault && now.name !== typed.name && (
            <p class="soft">{t('boards.fault.changed.now', { words: `${now.name}. ${now.description}` })}</p>
          )}
          <BoardFields typed={typed} fault={fault} isFixed={!isOwner} />
          <Button>{t('boards.change.save')}</Button>
        </form>
        {isOwner && (
          <section aria-labelledby="delete">
            <h2 id="delete">{t('boards.delete')}</h2>
            <p class="soft">{t('boards.delete.text')}</p>
            <form method="post" action={`/boards/${id}/delete`}>
              <Button look="danger">{t('boards.delete')}</Button>
            </form>
          </section>
        )}
      </div>
    </Layout>
  );
}

interface FieldsProps {
  typed: BoardTyped;
  fault: string | undefined;
  /** Whoever makes it with its owner does not say who sees it. */
  isFixed?: boolean;
}

function BoardFields({ typed, fault, isFixed = false }: FieldsProps) {
  return (
    <>
      <Field
        name="name"
        label={t('boards.name')}
        value={typed.name}
        required
        error={fault}
        input={{ maxlength: BOARD_NAME_MAX }}
      />
      <TextArea name="description" label={t('boards.description')} value={typed.description} rows={3} />
      {isFixed ? (
        <input type="hidden" name="visibility" value={typed.visibility} />
      ) : (
        <fieldset class="switches">
          <legend>{t('boards.visibility')}</legend>
          {VISIBILITIES.map((each) => (
            <label key={each} class="check">
              <input type="radio" name="visibility" value={each} checked={each === typed.visibility} />
              <span>
                {t(`boards.visibility.${each}`)}
                <small class="hint">{t(`boards.visibility.${each}.hint`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
