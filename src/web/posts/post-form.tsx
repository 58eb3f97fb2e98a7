import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  CAPTION_LENGTH_MAX,
  changePost,
  POST_PHOTOS_MAX,
  postErrors,
  postFor,
  type PostPage,
  postPage,
  type PostPhoto,
  publishPost,
  putPhotos,
} from '#modules/posts/index.ts';
import { describePhoto, mayDo, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Check, Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Picture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { pictureFormBytesMax, takePictures } from '../picture-form.ts';
import { faultOf, FilesField } from './new.tsx';
import { PostFields, VISIBILITIES } from './post-fields.tsx';

const ALT_TYPED_MAX = 500;
const params = Type.Object({ id: Id });
const Sent = Type.Intersect([
  Type.Object({
    caption: Text(4 * CAPTION_LENGTH_MAX),
    shared: Text(3),
    visibility: Type.Enum([...VISIBILITIES]),
    without: Text(3),
    /** A button's: save, publish, or what is to become of a photo, as "out-<id>". */
    act: Type.String({ pattern: '^(save|publish|(out|earlier)-[0-9a-f-]{36})$', default: 'save' }),
  }),
  // Each field of words is named after its photo, so that each has its own label.
  Type.Record(Type.String({ pattern: '^alt-' }), Text(ALT_TYPED_MAX)),
]);

/** The form that describes a post's photos, orders them, and puts it out; of one that is out, changes it. */
export const postForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  app.get('/posts/:id/change', page('member', { params }), async ({ viewer, params: { id } }, reply) => {
    const post = await ownPost(deps, viewer.memberId ?? '', id);
    return reply.page((about) => <ChangePage page={about} post={post} />);
  });

  app.post(
    '/posts/:id/change',
    page('member', { params, body: Sent }),
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      const post = await ownPost(deps, memberId, id);
      const { caption, visibility, act } = body;
      const words = { caption, visibility, isShared: body.shared === 'yes' };
      const altOf = ({ id: photoId, alt }: PostPhoto) => String(body[`alt-${photoId}`] ?? alt);
      const [what = '', photoId = ''] = act.split(/-(.*)/);
      try {
        await mayDo(deps, memberId, 'comment');
        await inTransaction(db, async (tx) => {
          await changePost(tx, memberId, id, words, now());
          for (const photo of post.photos) await describePhoto(tx, memberId, photo.id, altOf(photo));
          if (photoId) await putPhotos(tx, memberId, id, arranged(post.photos, what, photoId));
        });
        const isOut = what === 'publish' || (what === 'save' && post.state === 'live');
        if (what === 'publish')
          await inTransaction(db, (tx) =>
            publishPost(tx, memberId, id, { withoutWords: body.without === 'yes' }, now()),
          );
        const done = post.state === 'live' ? 'posts.changed' : 'posts.published';
        if (isOut) return await sendOn(reply, `/posts/${id}`, done);
        return await sendOn(reply, `/posts/${id}/change`, 'posts.kept');
      } catch (error) {
        const fault = publishFault(error);
        if (!fault || !(error instanceof AppError)) throw error;
        void reply.code(error.status);
        const photos = post.photos.map((photo) => ({ ...photo, alt: altOf(photo) }));
        const shown = { ...post, ...words, photos };
        return reply.page((about) => <ChangePage page={about} post={shown} fault={fault} />);
      }
    },
  );

  await app.register(morePhotos, { ...deps, prefix: '' });
};

const morePhotos: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  await takePictures(app, deps, POST_PHOTOS_MAX);
  app.post(
    '/posts/:id/photos',
    {
      ...page('member', { params, body: Type.Object({ id: Id }) }),
      bodyLimit: pictureFormBytesMax(POST_PHOTOS_MAX),
    },
    async ({ viewer: { memberId = '' }, params: { id }, pictures }, reply) => {
      if (pictures.failure) throw pictures.failure;
      const post = await ownPost(deps, memberId, id);
      const photoIds = [...post.photos.map((photo) => photo.id), ...pictures.photoIds];
      try {
        await inTransaction(deps.db, async (tx) => {
          await postFor(tx, memberId, id);
          await putPhotos(tx, memberId, id, photoIds);
        });
      } catch (error) {
        const fault = faultOf(error);
        if (!fault || !(error instanceof AppError)) throw error;
        void reply.code(error.status);
        return reply.page((about) => <ChangePage page={about} post={post} fault={fault} />);
      }
      return sendOn(reply, `/posts/${id}/change`, pictures.refused > 0 ? 'posts.refused' : 'posts.kept');
    },
  );
};

async function ownPost({ db }: Deps, memberId: string, id: string): Promise<PostPage> {
  const post = await postPage(db, { memberId }, id);
  if (!post.isOwn) throw socialErrors.not_yours({});
  return post;
}

function arranged(photos: readonly PostPhoto[], what: string, photoId: string): string[] {
  const ids = photos.map(({ id }) => id);
  const rest = ids.filter((id) => id !== photoId);
  if (what === 'out') return rest;
  return rest.toSpliced(Math.max(ids.indexOf(photoId) - 1, 0), 0, ...ids.filter((id) => id === photoId));
}

interface Fault {
  caption?: string;
  photos?: string;
  form?: string;
  /** Photos that say nothing. */
  mute?: readonly string[];
}

function publishFault(error: unknown): Fault | undefined {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === postErrors.photos_missing.code) return { photos: t('posts.fault.photos') };
  if (error.code === postErrors.photo_broken.code) return { photos: t('posts.photo.broken') };
  if (error.code === postErrors.photo_undescribed.code)
    return { mute: (error.data as { photoIds: string[] }).photoIds }; // as `publishPost` throws it
  return faultOf(error);
}

interface Props {
  page: Page;
  post: PostPage;
  fault?: Fault;
}

function ChangePage({ page: about, post, fault }: Props) {
  const { id, state, photos } = post;
  const isDraft = state === 'draft';
  const title = t(isDraft ? 'posts.edit' : 'posts.change');
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap account">
        <h1>{title}</h1>
        {fault?.form && <Notice kind="error">{fault.form}</Notice>}
        <draft-keeper data-kept={t('posts.kept')} data-on={isDraft ? 'yes' : 'no'}>
          <form method="post" action={`/posts/${id}/change`} class="form">
            <button type="submit" name="act" value="save" hidden tabIndex={-1} />
            <ol class="post-edit-photos">
              {photos.map((photo, place) => (
                <li key={photo.id}>
                  <PhotoFields postId={id} photo={photo} number={place + 1} fault={fault} />
                </li>
              ))}
            </ol>
            <PostFields typed={post} error={fault?.caption} />
            {fault?.mute && <Check name="without" label={t('posts.without')} />}
            <div class="board-acts">
              <Button name="act" value={isDraft ? 'publish' : 'save'}>
                {t(isDraft ? 'posts.publish' : 'posts.save')}
              </Button>
              {isDraft && (
                <Button look="plain" name="act" value="save">
                  {t('posts.save_draft')}
                </Button>
              )}
              <a href={`/posts/${id}`}>{t('posts.mark.done')}</a>
            </div>
            <p class="buy-status" role="status" />
          </form>
        </draft-keeper>
        {photos.length < POST_PHOTOS_MAX && <MorePhotos postId={id} error={fault?.photos} />}
        <section aria-labelledby="delete">
          <h2 id="delete">{t('posts.delete')}</h2>
          <p class="soft">{t('posts.delete.text')}</p>
          <form method="post" action={`/posts/${id}/delete`}>
            <Button look="danger">{t('posts.delete')}</Button>
          </form>
        </section>
      </div>
    </Layout>
  );
}

function MorePhotos({ postId, error }: { postId: string; error: string | undefined }) {
  return (
    <section aria-labelledby="more-photos">
      <h2 id="more-photos">{t('posts.photo.more')}</h2>
      <form method="post" action={`/posts/${postId}/photos`} enctype="multipart/form-data" class="form">
        <input type="hidden" name="id" value={newId()} />
        <FilesField error={error} isRequired />
        <Button look="plain">{t('posts.photo.more')}</Button>
      </form>
    </section>
  );
}

interface PhotoProps {
  postId: string;
  photo: PostPhoto;
  number: number;
  fault: Fault | undefined;
}

function PhotoFields({ postId, photo, number, fault }: PhotoProps) {
  const { id, alt, picture, state, products } = photo;
  const named = { number: String(number) };
  return (
    <div class="post-edit-photo">
      {picture ? (
        <Picture picture={picture} sizes="12rem" alt="" />
      ) : (
        <p class="post-waits small">{t(state === 'refused' ? 'posts.photo.broken' : 'posts.photo.waits')}</p>
      )}
      <div>
        <Field
          name={`alt-${id}`}
          label={t('posts.photo.alt', named)}
          hint={t('posts.photo.alt.hint')}
          value={alt}
          required={false}
          error={fault?.mute?.includes(id) ? t('posts.fault.alt') : undefined}
          input={{ maxlength: ALT_TYPED_MAX }}
        />
        <p class="soft small">{t('posts.photo.marked', { count: products.length })}</p>
        <div class="board-acts">
          <a class="text-button" href={`/posts/${postId}/photos/${id}`}>
            {t('posts.photo.mark', named)}
          </a>
          {number > 1 && (
            <button type="submit" class="text-button" name="act" value={`earlier-${id}`}>
              {t('posts.photo.earlier', named)}
            </button>
          )}
          <button type="submit" class="text-button" name="act" value={`out-${id}`}>
            {t('posts.photo.out', named)}
          </button>
        </div>
      </div>
    </div>
  );
}
