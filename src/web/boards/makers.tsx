import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Invitation, invitationsOf, type Maker, makersOf } from '#modules/boards/index.ts';
import {
  type CollaboratorRole,
  invite,
  join,
  leave,
  mayDo,
  open,
  ownProfile,
  removeCollaborator,
  socialErrors,
} from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { boardName } from '#read/board-page.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';

const ROLES = ['contributor', 'editor'] as const;
const Role = Type.Enum([...ROLES]);
const HANDLE_MAX = 40;

interface Shown {
  id: string;
  name: string;
  makers: readonly Maker[];
  isOwner: boolean;
  typed: { handle: string; role: CollaboratorRole };
  fault?: string | undefined;
}

/** Who makes a board together: to its owner with the forms that ask, change and remove. */
export const makerPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const params = Type.Object({ id: Id });
  const shownOf = async (memberId: string, id: string): Promise<Shown> => {
    const board = await open(reads, { memberId }, id);
    if (board.standing === 'onlooker') throw socialErrors.piece_not_found({});
    const isOwner = board.standing === 'owner';
    const [name, makers] = await Promise.all([boardName(reads, id), makersOf(reads, id, memberId, isOwner)]);
    return { id, name, makers, isOwner, typed: { handle: '', role: 'contributor' } };
  };

  app.get('/boards/:id/makers', page('member', { params }), async ({ viewer, params: { id } }, reply) => {
    const shown = await shownOf(viewer.memberId ?? '', id);
    return reply.page((about) => <MakersPage page={about} shown={shown} />);
  });

  app.post(
    '/boards/:id/makers',
    page('member', {
      params,
      body: Type.Object({ handle: Text(HANDLE_MAX), role: Role, known: Type.Optional(Text(3)) }),
    }),
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body: { known, ...typed } }, reply) => {
      await mayDo(deps, memberId, 'invite');
      try {
        await inTransaction(db, async (tx) => {
          await ownProfile(tx, memberId, name, now());
          await invite(tx, memberId, { pieceId: id, ...typed }, now());
        });
      } catch (error) {
        const fault = faultOf(error);
        if (!fault) throw error;
        const shown = { ...(await shownOf(memberId, id)), typed, fault };
        void reply.code(422);
        return reply.page((about) => <MakersPage page={about} shown={shown} />);
      }
      return sendOn(reply, `/boards/${id}/makers`, known ? 'boards.makers.changed' : 'boards.makers.sent');
    },
  );

  app.post(
    '/boards/:id/makers/remove',
    page('member', { params, body: Type.Object({ handle: Text(HANDLE_MAX) }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { handle } }, reply) => {
      await inTransaction(db, (tx) => removeCollaborator(tx, memberId, { pieceId: id, handle }));
      return sendOn(reply, `/boards/${id}/makers`, 'boards.makers.removed');
    },
  );

  await app.register(invitationPages, deps);
};

const faultOf = (error: unknown): string | undefined => {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === socialErrors.person_not_found.code) return t('boards.fault.person');
  return error.code === socialErrors.not_oneself.code ? t('boards.fault.self') : undefined;
};

const invitationPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  const params = Type.Object({ id: Id });
  app.get('/invitations', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const invitations = await invitationsOf(reads, memberId);
    return reply.page((about) => <InvitationsPage page={about} invitations={invitations} />);
  });

  app.post(
    '/boards/:id/join',
    page('member', { params }),
    async ({ viewer: { memberId = '', name = '' }, params: { id } }, reply) => {
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await join(tx, memberId, id, now());
      });
      return sendOn(reply, `/boards/${id}`, 'boards.invited.joined');
    },
  );

  app.post(
    '/boards/:id/leave',
    page('member', { params, body: Type.Object({ had: Type.Enum(['joined', 'invitation']) }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { had } }, reply) => {
      await inTransaction(db, (tx) => leave(tx, memberId, id));
      return sendOn(
        reply,
        '/invitations',
        had === 'joined' ? 'boards.makers.left' : 'boards.invited.declined',
      );
    },
  );
};

function MakersPage({ page: about, shown }: { page: Page; shown: Shown }) {
  const { id, name, makers, isOwner, typed, fault } = shown;
  const title = t('boards.makers.title', { name });
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap account">
        <Breadcrumbs crumbs={[{ name, href: `/boards/${id}` }, { name: t('boards.act.makers') }]} />
        <h1>{title}</h1>
        {makers.length === 0 && isOwner && <p class="soft">{t('boards.makers.none')}</p>}
        <ul class="makers">
          {makers.map((maker) => (
            <li key={maker.handle}>
              <MakerLine boardId={id} maker={maker} isOwner={isOwner} />
            </li>
          ))}
        </ul>
        {isOwner ? (
          <form method="post" action={`/boards/${id}/makers`} class="form" aria-labelledby="invite">
            <h2 id="invite">{t('boards.makers.invite')}</h2>
            <Field
              name="handle"
              label={t('boards.makers.handle')}
              hint={t('boards.makers.handle.hint')}
              value={typed.handle}
              error={fault}
              required
              input={{ maxlength: HANDLE_MAX, autocomplete: 'off' }}
            />
            <Select name="role" label={t('boards.makers.role')} value={typed.role} options={roleOptions()} />
            <Button>{t('boards.makers.send')}</Button>
          </form>
        ) : (
          <form method="post" action={`/boards/${id}/leave`}>
            <p class="soft">{t('boards.makers.leave.text')}</p>
            <input type="hidden" name="had" value="joined" />
            <Button look="danger">{t('boards.makers.leave')}</Button>
          </form>
        )}
      </div>
    </Layout>
  );
}

const roleOptions = () => ROLES.map((role) => ({ value: role, label: t(`boards.makers.${role}`) }));

function MakerLine({ boardId, maker, isOwner }: { boardId: string; maker: Maker; isOwner: boolean }) {
  const { handle, name, role, hasJoined } = maker;
  return (
    <>
      <p>
        <a href={`/@${handle}`}>{name}</a>{' '}
        <span class="soft small">
          {t(`boards.makers.${role}`)}
          {!hasJoined && ` · ${t('boards.makers.asked')}`}
        </span>
      </p>
      {isOwner && (
        <div class="board-acts">
          <form method="post" action={`/boards/${boardId}/makers`} class="inline-form">
            <input type="hidden" name="handle" value={handle} />
            <input type="hidden" name="known" value="yes" />
            <select name="role" aria-label={t('boards.makers.role.of', { name })}>
              {roleOptions().map(({ value, label }) => (
                <option key={value} value={value} selected={value === role}>
                  {label}
                </option>
              ))}
            </select>
            <button type="submit" class="text-button">
              {t('boards.makers.change')}
            </button>
          </form>
          <form method="post" action={`/boards/${boardId}/makers/remove`}>
            <input type="hidden" name="handle" value={handle} />
            <button type="submit" class="text-button">
              {t('boards.makers.remove', { name })}
            </button>
          </form>
        </div>
      )}
    </>
  );
}

function InvitationsPage({ page: about, invitations }: { page: Page; invitations: readonly Invitation[] }) {
  return (
    <Layout page={about} title={t('boards.invited.title')} index={false}>
      <div class="wrap account">
        <h1>{t('boards.invited.title')}</h1>
        {invitations.length === 0 && (
          <EmptyState title={t('boards.invited.none')} text={t('boards.invited.none.text')} />
        )}
        {invitations.map((invitation) => (
          <InvitationCard key={invitation.boardId} invitation={invitation} />
        ))}
      </div>
    </Layout>
  );
}

/** The name of the board and who asks: nothing else is told before it is accepted. */
export function InvitationCard({ invitation: { boardId, name, role, by } }: { invitation: Invitation }) {
  return (
    <section class="invitation">
      <p>
        <strong>{t('boards.invited.asks', { name: by.name, board: name })}</strong>{' '}
        <a href={`/@${by.handle}`}>@{by.handle}</a>
      </p>
      <p class="soft">{t(`boards.invited.${role}`)}</p>
      <div class="board-acts">
        <form method="post" action={`/boards/${boardId}/join`}>
          <Button>{t('boards.invited.accept')}</Button>
        </form>
        <form method="post" action={`/boards/${boardId}/leave`}>
          <input type="hidden" name="had" value="invitation" />
          <button type="submit" class="text-button">
            {t('boards.invited.decline')}
          </button>
        </form>
      </div>
    </section>
  );
}

/** In place of a board that can't be opened yet. */
export function InvitationPage({ page: about, invitation }: { page: Page; invitation: Invitation }) {
  return (
    <Layout page={about} title={invitation.name} index={false}>
      <div class="wrap account">
        <h1>{t('boards.invited.title')}</h1>
        <InvitationCard invitation={invitation} />
      </div>
    </Layout>
  );
}
