import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  CAPTION_LENGTH_MAX,
  draftPost,
  draftsOf,
  POST_PHOTOS_MAX,
  type PostCard,
  type PostWords,
} from '#modules/posts/index.ts';
import { mayDo, openAll, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Picture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { pictureFormBytesMax, takePictures } from '../picture-form.ts';
import { captionStart } from './post-cards.tsx';
import { PostFields, VISIBILITIES } from './post-fields.tsx';

interface Typed extends PostWords {
  id: string;
  /** Those that are here already, when the form is shown again. */
  photoIds: readonly string[];
  fault?: { caption?: string; photos?: string; form?: string };
}

/** A caption's bound is the module's to refuse, so that what was typed is shown again. */
const CAPTION_TYPED_MAX = 4 * CAPTION_LENGTH_MAX;
const Sent = Type.Object({
  id: Id,
  caption: Text(CAPTION_TYPED_MAX),
  shared: Text(3),
  visibility: Type.Enum([...VISIBILITIES]),
  photoId: Type.Optional(Type.Array(Id, { maxItems: POST_PHOTOS_MAX })),
});

/** The form that a post begins with: photos and words become a draft, and its photos are described next. */
export const newPost: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps;
  await takePictures(app, deps, POST_PHOTOS_MAX);
  app.get('/posts/new', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const drafts = await draftsOf(db, memberId);
    const typed: Typed = { id: newId(), caption: '', isShared: false, visibility: 'public', photoIds: [] };
    return reply.page((about) => <NewPage page={about} typed={typed} drafts={drafts} />);
  });

  app.post(
    '/posts/new',
    { ...page('member', { body: Sent }), bodyLimit: pictureFormBytesMax(POST_PHOTOS_MAX) },
    async ({ viewer: { memberId = '', name = '' }, body, pictures }, reply) => {
      const { id, caption, shared, visibility, photoId = [] } = body;
      const words = { caption, isShared: shared === 'yes', visibility };
      const photoIds = [...new Set([...photoId, ...pictures.photoIds])];
      try {
        if (pictures.failure) throw pictures.failure;
        if (await isMade(deps, memberId, id)) return await sendOn(reply, `/posts/${id}/change`);
        await make(deps, { memberId, name }, id, { ...words, photoIds });
      } catch (error) {
        const fault = faultOf(error);
        if (!fault || !(error instanceof AppError)) throw error;
        void reply.code(error.status);
        const typed = { id, ...words, photoIds, fault };
        return reply.page((about) => <NewPage page={about} typed={typed} drafts={[]} />);
      }
      return sendOn(reply, `/posts/${id}/change`, pictures.refused > 0 ? 'posts.refused' : undefined);
    },
  );
};

/** Whether the form came before: then the draft may have changed since, and nothing is done again. */
const isMade = async ({ db }: Deps, memberId: string, id: string): Promise<boolean> =>
  (await openAll(db, { memberId }, [id])).get(id)?.ownerId === memberId;

async function make(
  deps: Deps,
  { memberId, name }: { memberId: string; name: string },
  id: string,
  wish: PostWords & { photoIds: readonly string[] },
): Promise<void> {
  await mayDo(deps, memberId, 'post');
  await inTransaction(deps.db, async (tx) => {
    await ownProfile(tx, memberId, name, deps.now());
    await draftPost(tx, memberId, id, wish, deps.now());
  });
}

export function faultOf(error: unknown): Typed['fault'] {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === socialErrors.words_too_long.code) return { caption: t('posts.fault.long') };
  if (error.code === 'posts.photos_too_many')
    return { photos: t('posts.fault.photos_many', { max: POST_PHOTOS_MAX }) };
  return error.status === 429 ? { form: t('error.429.text') } : undefined;
}

interface Props {
  page: Page;
  typed: Typed;
  drafts: readonly PostCard[];
}

function NewPage({ page: about, typed, drafts }: Props) {
  const { id, photoIds, fault } = typed;
  const words = Object.fromEntries(
    [
      ['title', t('posts.crop.title', { number: '{n}' })],
      ['shape', t('posts.crop.shape')],
      ['whole', t('posts.crop.whole')],
      ['square', t('posts.crop.square')],
      ['upright', t('posts.crop.upright')],
      ['wide', t('posts.crop.wide')],
      ['zoom', t('posts.crop.zoom')],
      ['move', t('posts.crop.move', { number: '{n}' })],
      ['running', t('posts.upload.running', { number: '{n}' })],
      ['failed', t('posts.upload.failed', { number: '{n}' })],
      ['again', t('posts.upload.again')],
    ].map(([key, text]) => [key, text]),
  );
  return (
    <Layout page={about} title={t('posts.new')} index={false}>
      <div class="wrap account">
        <h1>{t('posts.new')}</h1>
        <p>{t('posts.new.lead')}</p>
        {fault?.form && <Notice kind="error">{fault.form}</Notice>}
        <post-composer data-words={JSON.stringify(words)}>
          <form method="post" action="/posts/new" enctype="multipart/form-data" class="form">
            <input type="hidden" name="id" value={id} />
            {photoIds.map((photoId) => (
              <input key={photoId} type="hidden" name="photoId" value={photoId} />
            ))}
            <FilesField error={fault?.photos} isRequired={photoIds.length === 0} />
            <div class="crops" />
            <PostFields typed={typed} error={fault?.caption} />
            <Button>{t('posts.go_on')}</Button>
            <p class="buy-status" role="status" />
          </form>
        </post-composer>
        {drafts.length > 0 && <Drafts drafts={drafts} />}
      </div>
    </Layout>
  );
}

/** Several pictures at once. */
export function FilesField({ error, isRequired }: { error?: string | undefined; isRequired: boolean }) {
  return (
    <div class="field">
      <label for="field-photos">{t('posts.photos')}</label>
      <p class="hint" id="field-photos-hint">
        {t('posts.photos.hint', { max: POST_PHOTOS_MAX })}
      </p>
      <input
        id="field-photos"
        type="file"
        name="photos"
        multiple
        required={isRequired}
        accept="image/jpeg,image/png,image/webp,image/avif,image/gif"
        aria-describedby={`field-photos-hint${error ? ' field-photos-error' : ''}`}
        aria-invalid={error ? 'true' : undefined}
      />
      {error && (
        <p class="field-error" id="field-photos-error">
          {error}
        </p>
      )}
    </div>
  );
}

function Drafts({ drafts }: { drafts: readonly PostCard[] }) {
  return (
    <section aria-labelledby="drafts">
      <h2 id="drafts">{t('posts.drafts')}</h2>
      <ul class="rows post-drafts">
        {drafts.map(({ id, caption, picture }) => (
          <li key={id}>
            <Picture picture={picture} sizes="4rem" alt="" />
            <a href={`/posts/${id}/change`}>{captionStart(caption, 60) || t('posts.draft.untitled')}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
