import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ADDRESS_LENGTH_MAX, addPin, boardErrors, NOTE_MAX } from '#modules/boards/index.ts';
import { takeUploads, UPLOAD_BODY_BYTES_MAX, uploadIn } from '#modules/catalog/index.ts';
import { addPhoto, mayDo, open, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { boardName } from '#read/board-page.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { Field, TextArea } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { originOf, page, type Page, sendOn, Text } from '../page.ts';
import { thingAt } from './thing-at.ts';

interface Shown {
  boardId: string;
  name: string;
  /** Of the pins that the forms make. */
  linkId: string;
  photoId: string;
  typed: { url: string; note: string };
  fault?: string;
}

/** Puts a page from anywhere, or a photo, on a board. */
export const addPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, config, now } = deps;
  const params = Type.Object({ id: Id });
  const shownOf = async (memberId: string, boardId: string): Promise<Shown> => {
    const board = await open(reads, { memberId }, boardId);
    if (board.standing === 'onlooker') throw socialErrors.piece_not_found({});
    const name = await boardName(reads, boardId);
    return { boardId, name, linkId: newId(), photoId: newId(), typed: { url: '', note: '' } };
  };

  app.get('/boards/:id/add', page('member', { params }), async ({ viewer, params: { id } }, reply) => {
    const shown = await shownOf(viewer.memberId ?? '', id);
    return reply.page((about) => <AddPage page={about} shown={shown} />);
  });

  app.post(
    '/boards/:id/links',
    page('member', {
      params,
      body: Type.Object({ id: Id, url: Text(ADDRESS_LENGTH_MAX), note: Text(NOTE_MAX) }),
    }),
    async (request, reply) => {
      const {
        viewer,
        params: { id: boardId },
        body,
      } = request;
      const { memberId = '', name = '' } = viewer;
      const { id, ...typed } = body;
      await mayDo(deps, memberId, 'link');
      try {
        const thing = await thingAt(reads, originOf(config, request), typed.url);
        await inTransaction(db, async (tx) => {
          await ownProfile(tx, memberId, name, now());
          await addPin(tx, { memberId }, { id, boardId, note: typed.note, thing }, now());
        });
      } catch (error) {
        const code = error instanceof AppError ? error.code : '';
        const isAddress = code === boardErrors.address_refused.code;
        if (!isAddress && code !== boardErrors.thing_not_found.code) throw error;
        const fault = isAddress ? t('boards.fault.address') : t('boards.fault.thing');
        const shown = { ...(await shownOf(memberId, boardId)), linkId: id, typed, fault };
        void reply.code(422);
        return reply.page((about) => <AddPage page={about} shown={shown} />);
      }
      return sendOn(reply, `/boards/${boardId}`, 'boards.add.link.added');
    },
  );

  await app.register(photoForm, { ...deps, prefix: '' }); // uploads are for this form alone
};

const photoForm: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  await takeUploads(app);
  app.post(
    '/boards/:id/photos',
    {
      ...page('member', {
        params: Type.Object({ id: Id }),
        // The pin's id stands in the address: the form's own fields come after the file.
        querystring: Type.Object({ pin: Id }),
      }),
      bodyLimit: UPLOAD_BODY_BYTES_MAX,
    },
    async (request, reply) => {
      const {
        viewer,
        params: { id: boardId },
        query: { pin: id },
      } = request;
      const { memberId = '', name = '' } = viewer;
      const board = await open(reads, { memberId }, boardId);
      if (board.standing === 'onlooker') throw socialErrors.piece_not_found({});
      await mayDo(deps, memberId, 'photo');
      const bytes = await uploadIn(request);
      if (bytes.length === 0) return sendOn(reply, `/boards/${boardId}/add`, 'boards.add.photo.none');
      // The photo has the id of the pin that it is uploaded for: a form sent twice makes one of each.
      await addPhoto(deps, { id, ownerId: memberId, alt: '' }, bytes);
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        const thing = { kind: 'photo', photoId: id } as const;
        await addPin(tx, { memberId }, { id, boardId, note: '', thing }, now());
      });
      return sendOn(reply, `/pins/${id}`, 'boards.add.photo.waits');
    },
  );
};

function AddPage({ page: about, shown }: { page: Page; shown: Shown }) {
  const { boardId, name, linkId, photoId, typed, fault } = shown;
  const title = t('boards.add.title', { name });
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap account">
        <Breadcrumbs crumbs={[{ name, href: `/boards/${boardId}` }, { name: t('boards.act.add') }]} />
        <h1>{title}</h1>
        <form method="post" action={`/boards/${boardId}/links`} class="form" aria-labelledby="add-link">
          <h2 id="add-link">{t('boards.add.link')}</h2>
          <input type="hidden" name="id" value={linkId} />
          <Field
            name="url"
            label={t('boards.add.link.label')}
            hint={t('boards.add.link.hint')}
            value={typed.url}
            error={fault}
            required
            input={{ maxlength: ADDRESS_LENGTH_MAX, inputmode: 'url', autocomplete: 'off' }}
          />
          <TextArea name="note" label={t('boards.pin.note')} value={typed.note} rows={2} required={false} />
          <Button>{t('boards.add.link.send')}</Button>
        </form>
        <form
          method="post"
          action={`/boards/${boardId}/photos?pin=${photoId}`}
          enctype="multipart/form-data"
          class="form"
          aria-labelledby="add-photo"
        >
          <h2 id="add-photo">{t('boards.add.photo')}</h2>
          <Field
            name="file"
            type="file"
            label={t('boards.add.photo.label')}
            hint={t('boards.add.photo.hint')}
            required
            input={{ accept: 'image/jpeg,image/png,image/webp,image/avif' }}
          />
          <Button look="plain">{t('boards.add.photo.send')}</Button>
        </form>
        <p class="soft">
          <a href="/bookmarklet">{t('boards.bookmarklet.title')}</a>
        </p>
      </div>
    </Layout>
  );
}
