import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { takeUploads, UPLOAD_BODY_BYTES_MAX, uploadIn } from '#modules/catalog/index.ts';
import {
  addPhoto,
  changeProfile,
  mayDo,
  ownProfile,
  type Person,
  removePhotos,
  shunned,
  socialErrors,
} from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Button } from '../components/Button.tsx';
import { Field, TextArea } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Avatar, PersonLink } from './person.tsx';

interface Typed {
  handle: string;
  name: string;
  bio: string;
}

interface Fault {
  field: keyof Typed;
  text: PlainKey;
}

interface Shown {
  own: Person & { photoId: string | null };
  blocked: readonly Person[];
  muted: readonly Person[];
  typed?: Typed;
  fault?: Fault;
}

const FAULTS: Record<string, Fault> = {
  [socialErrors.handle_taken.code]: { field: 'handle', text: 'profile.fault.handle_taken' },
  [socialErrors.handle_invalid.code]: { field: 'handle', text: 'profile.fault.handle_invalid' },
  [socialErrors.words_missing.code]: { field: 'name', text: 'profile.fault.name' },
  [socialErrors.words_too_long.code]: { field: 'bio', text: 'profile.fault.long' },
};

/** How the member shows themselves, and whom they don't meet. */
export const ownProfilePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const read = async (memberId: string, accountName: string): Promise<Shown> => {
    const own = await inTransaction(db, (tx) => ownProfile(tx, memberId, accountName, now()));
    const [blocked, muted] = await Promise.all([
      shunned(db, memberId, 'block'),
      shunned(db, memberId, 'mute'),
    ]);
    return { own, blocked, muted };
  };

  app.get('/account/profile', page('member'), async ({ viewer: { memberId = '', name = '' } }, reply) => {
    const shown = await read(memberId, name);
    return reply.page((about) => <OwnProfilePage page={about} shown={shown} />);
  });

  app.post(
    '/account/profile',
    page('member', { body: Type.Object({ handle: Text(60), name: Text(120), bio: Text(1000) }) }),
    async ({ viewer: { memberId = '', name = '' }, body: typed }, reply) => {
      await mayDo(deps, memberId, 'profile');
      const shown = await read(memberId, name);
      try {
        await inTransaction(db, (tx) =>
          changeProfile(tx, memberId, { ...typed, photoId: shown.own.photoId }),
        );
        return sendOn(reply, '/account/profile', 'profile.saved');
      } catch (error) {
        const fault = error instanceof AppError ? FAULTS[error.code] : undefined;
        if (!fault || !(error instanceof AppError)) throw error;
        void reply.code(error.status);
        return reply.page((about) => <OwnProfilePage page={about} shown={{ ...shown, typed, fault }} />);
      }
    },
  );

  await app.register(pictureForms, { ...deps, prefix: '' });
};

const pictureForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  await takeUploads(app);
  app.post(
    '/account/profile/picture',
    { ...page('member'), bodyLimit: UPLOAD_BODY_BYTES_MAX },
    async (request, reply) => {
      const { memberId = '', name = '' } = request.viewer;
      await mayDo(deps, memberId, 'profile');
      await mayDo(deps, memberId, 'photo');
      const bytes = await uploadIn(request);
      if (bytes.length === 0) return sendOn(reply, '/account/profile', 'profile.photo.none');
      const { id } = await addPhoto(deps, { id: newId(), ownerId: memberId, alt: '' }, bytes);
      await inTransaction(db, async (tx) => {
        const { photoId, ...own } = await ownProfile(tx, memberId, name, now());
        await changeProfile(tx, memberId, { ...own, photoId: id });
        if (photoId) await removePhotos(tx, memberId, [photoId]);
      });
      return sendOn(reply, '/account/profile', 'profile.photo.waits');
    },
  );

  app.post(
    '/account/profile/picture/remove',
    page('member'),
    async ({ viewer: { memberId = '', name = '' } }, reply) => {
      await inTransaction(db, async (tx) => {
        const { photoId } = await ownProfile(tx, memberId, name, now());
        if (photoId) await removePhotos(tx, memberId, [photoId]);
      });
      return sendOn(reply, '/account/profile', 'profile.photo.gone');
    },
  );
};

function OwnProfilePage({ page: about, shown }: { page: Page; shown: Shown }) {
  const { own, blocked, muted, fault } = shown;
  const typed = shown.typed ?? own;
  const errorAt = (field: keyof Typed) => (fault?.field === field ? say(fault.text) : undefined);
  return (
    <Layout page={about} title={t('profile.title')} index={false}>
      <div class="wrap account">
        <header class="account-head">
          <h1>{t('profile.title')}</h1>
          <p>{t('profile.lead')}</p>
          <a class="text-button" href={`/@${own.handle}`}>
            {t('profile.see')}
          </a>
        </header>
        <form method="post" action="/account/profile" class="form">
          <Field
            name="name"
            label={t('profile.name')}
            value={typed.name}
            required
            error={errorAt('name')}
            input={{ maxlength: 60 }}
          />
          <Field
            name="handle"
            label={t('profile.handle')}
            hint={t('profile.handle.hint')}
            value={typed.handle}
            required
            error={errorAt('handle')}
            input={{ maxlength: 30, autocomplete: 'off' }}
          />
          <TextArea
            name="bio"
            label={t('profile.bio')}
            hint={t('profile.bio.hint')}
            value={typed.bio}
            rows={4}
            error={errorAt('bio')}
          />
          <Button>{t('profile.save')}</Button>
        </form>
        <PictureForm own={own} />
        <section aria-labelledby="shunned">
          <h2 id="shunned">{t('profile.shunned')}</h2>
          <Shunned title={t('profile.blocked')} people={blocked} label={t('people.unblock')} />
          <Shunned title={t('profile.muted')} people={muted} label={t('people.unmute')} />
        </section>
      </div>
    </Layout>
  );
}

function PictureForm({ own }: { own: Shown['own'] }) {
  return (
    <section aria-labelledby="picture">
      <h2 id="picture">{t('profile.photo')}</h2>
      <div class="profile-picture">
        <Avatar person={own} size={96} />
        <form method="post" action="/account/profile/picture" enctype="multipart/form-data" class="form">
          <Field
            name="file"
            type="file"
            label={t('profile.photo')}
            hint={t('profile.photo.hint')}
            required
            input={{ accept: 'image/jpeg,image/png,image/webp,image/avif,image/gif' }}
          />
          <Button look="plain">{t('profile.photo.send')}</Button>
        </form>
      </div>
      {own.photoId && (
        <form method="post" action="/account/profile/picture/remove">
          <button type="submit" class="text-button">
            {t('profile.photo.remove')}
          </button>
        </form>
      )}
    </section>
  );
}

function Shunned({ title, people, label }: { title: string; people: readonly Person[]; label: string }) {
  return (
    <>
      <h3>{title}</h3>
      {people.length === 0 && <p class="soft">{t('profile.shunned.none')}</p>}
      <ul class="rows">
        {people.map((person) => (
          <li key={person.memberId}>
            <PersonLink person={person} />
            <form method="post" action="/unshun">
              <input type="hidden" name="memberId" value={person.memberId} />
              <input type="hidden" name="next" value="/account/profile" />
              <button type="submit" class="text-button">
                {label}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </>
  );
}
